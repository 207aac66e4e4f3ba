package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"archiver"
)

// This file finds the system's Chromium and has it print a page. Rules: it gets a profile of its own that is thrown away, no network, no
// scripts, and a bound on its time; when it is over, or is to be over, none of its processes stays.

// browserVariable names a browser that is not where browsers are.
const browserVariable = "ARCHIVER_CHROMIUM"

const (
	// A book of a hundred articles prints in some seconds, on a busy old machine in a minute.
	printTime        = 3 * time.Minute
	printTimeArticle = 2 * time.Second
	maxPrintTime     = 3 * time.Hour
	// dyingTime is how long a browser's pipes may stay open after it was ended.
	dyingTime = 5 * time.Second
	// maxComplaint is how much of what a browser complains about is kept: the end of it.
	maxComplaint = 600
)

// findBrowser is the path of a Chromium, or of one of the browsers that are made of it.
func findBrowser() (string, error) {
	if named := os.Getenv(browserVariable); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", &archiver.Error{Kind: archiver.Invalid, Op: "export pdf", Err: fmt.Errorf("%s names %s, which is no program", browserVariable, named),
				Hint: "name a Chromium or Chrome, or unset it"}
		}
		return filepath.Abs(path)
	}
	for _, name := range browserPlaces() {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", &archiver.Error{Kind: archiver.Invalid, Op: "export pdf", Err: errors.New("a PDF is printed by Chromium or Chrome, and there is none here"),
		Hint: "install one, or name it with " + browserVariable + "; export epub needs none"}
}

// browserPlaces are names on PATH, and paths where a system keeps its programs elsewhere.
func browserPlaces() []string {
	places := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge", "brave-browser"}
	switch runtime.GOOS {
	case "darwin":
		for _, app := range []string{"Chromium", "Google Chrome", "Microsoft Edge", "Brave Browser"} {
			for _, folder := range []string{"/Applications", filepath.Join(os.Getenv("HOME"), "Applications")} {
				places = append(places, filepath.Join(folder, app+".app", "Contents", "MacOS", app))
			}
		}
	case "windows":
		for _, variable := range []string{"ProgramFiles", "ProgramFiles(x86)", "LocalAppData"} {
			if folder := os.Getenv(variable); folder != "" {
				for _, program := range []string{`Chromium\Application\chrome.exe`, `Google\Chrome\Application\chrome.exe`, `Microsoft\Edge\Application\msedge.exe`} {
					places = append(places, filepath.Join(folder, program))
				}
			}
		}
	}
	return places
}

// printPage has the browser print a file in dir, to another one in it.
func printPage(ctx context.Context, browser, dir, page, target string, articles int) error {
	limit := min(printTime+time.Duration(articles)*printTimeArticle, maxPrintTime)
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(timed, browser, printArguments(dir, page, target)...)
	complaint := &tail{most: maxComplaint}
	cmd.Dir, cmd.Env, cmd.Stderr, cmd.WaitDelay = dir, printEnvironment(dir), complaint, dyingTime
	end := asGroup(cmd)
	err := cmd.Run()
	end() // helpers that outlived it
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case timed.Err() != nil:
		return &archiver.Error{Kind: archiver.Invalid, Op: "export pdf", Err: fmt.Errorf("%s did not print %d articles within %s", filepath.Base(browser), articles, limit),
			Hint: "export fewer at a time, with --since"}
	}
	info, statErr := os.Stat(filepath.Join(dir, target))
	if err == nil && statErr == nil && info.Size() > 0 {
		return nil
	}
	why := "it wrote no file"
	if err != nil {
		why = err.Error()
	}
	if last := plain(string(complaint.text)); last != "" {
		why += ": " + last
	}
	return &archiver.Error{Kind: archiver.Invalid, Op: "export pdf", Err: fmt.Errorf("%s does not print: %s", filepath.Base(browser), why),
		Hint: "a browser from a snap cannot read temporary folders; name another one with " + browserVariable}
}

func printArguments(dir, page, target string) []string {
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--lang=en-US", "--user-data-dir=" + filepath.Join(dir, "profile"),
		// No network: no name has an address, every connection goes to a proxy that is not there, and nothing is asked for by itself.
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://0.0.0.0:1", "--proxy-bypass-list=<-loopback>",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps",
		"--disable-breakpad", "--disable-crash-reporter", "--disable-dev-shm-usage", "--metrics-recording-only", "--no-pings", "--password-store=basic", "--use-mock-keychain",
		"--no-pdf-header-footer", "--generate-pdf-document-outline", "--print-to-pdf=" + filepath.Join(dir, target),
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // its sandbox is not for the administrator; the page has no scripts
	}
	return append(args, fileURL(filepath.Join(dir, page)))
}

// printEnvironment is ours, but for what would make the same page another one, and for where a browser leaves things.
func printEnvironment(dir string) []string {
	return append(os.Environ(), // the last one of a name holds
		"TZ=UTC", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "LANGUAGE=", "XDG_CONFIG_HOME="+dir, "XDG_CACHE_HOME="+dir, "TMPDIR="+dir)
}

// fileURL is the address of a file on this machine.
func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive
	}
	return "file://" + escaped(path)
}

// tail keeps the end of what is written to it.
type tail struct {
	text []byte
	most int
}

func (t *tail) Write(b []byte) (int, error) {
	t.text = append(t.text, b...)
	if over := len(t.text) - t.most; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(b), nil
}
