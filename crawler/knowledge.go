package crawler

import (
	"sync"

	"archiver"
)

// This file holds what a run knows of its site. Rules: each article is read with all that was known when it was begun, and teaches
// when it was read; a model is never changed, so workers share it; it is kept with the first article of a run, and then the
// less often the more it has learned: what a killed run knew beyond that is learned again.

// knowledge is the model of a source's site. It is safe for concurrent use.
type knowledge struct {
	mu     sync.Mutex
	model  *archiver.SiteModel
	taught bool // something was learned in this run
}

func (k *knowledge) now() *archiver.SiteModel {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.model
}

// learn takes in what an article's pages teach. It gives the model where it is to be kept.
func (k *knowledge) learn(assembly Assembly) *archiver.SiteModel {
	k.mu.Lock()
	defer k.mu.Unlock()
	taught := assembly.Teach(k.model)
	if taught == k.model {
		return nil
	}
	first := !k.taught
	k.model, k.taught = taught, true
	if first || taught.WorthKeeping() {
		return taught
	}
	return nil
}
