package storagetest

import (
	"time"

	"archiver"
)

var hostPromises = map[string]func(*bench){
	"what is known of a host is remembered": func(b *bench) {
		state := func(name string) archiver.HostState {
			b.Helper()
			state, err := b.HostState(b.Context(), name)
			b.must(err)
			return state
		}
		b.same("unknown host", state("blog.example"), archiver.HostState{Name: "blog.example"})
		paused := archiver.HostState{Name: "blog.example", Paused: noon.Add(time.Hour)}
		file := archiver.HostState{Name: "https://blog.example", Robots: []byte("User-agent: *\nDisallow: /\xff"), RobotsAt: noon}
		none := archiver.HostState{Name: "https://cdn.example", RobotsAt: noon}
		for _, s := range []archiver.HostState{paused, file, none} {
			b.must(b.PutHostState(b.Context(), s))
			b.same("host", state(s.Name), s)
		}
		file.Robots, file.RobotsAt = []byte("User-agent: *"), noon.Add(24*time.Hour)
		b.must(b.PutHostState(b.Context(), file))
		b.same("host read again", state(file.Name), file)
		b.must(b.PutHostState(b.Context(), archiver.HostState{Name: paused.Name}))
		b.same("host no longer paused", state(paused.Name), archiver.HostState{Name: paused.Name})
		b.same("the others", []archiver.HostState{state(file.Name), state(none.Name)}, []archiver.HostState{file, none})
		b.sound()
	},
}
