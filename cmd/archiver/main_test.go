package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"archiver/internal/testsite"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
)

// asProgram in the environment makes the test binary the program itself, for tests that kill it. aProgram names another binary to take:
// under the race detector, whose processes are many times slower, the blogs of years are synced by the program as it is released, and
// the scripts run every command under the detector.
const (
	asProgram = "ARCHIVER_TEST_AS_PROGRAM"
	aProgram  = "ARCHIVER_TEST_PROGRAM"
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	testscript.Main(m, map[string]func(){
		"archiver": func() {
			os.Exit(run(context.Background(), os.Args[1:], env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv}))
		},
	})
}

// TestScripts runs a script for every command, against the fake blog.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		Setup:               setupScript,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"blog": blog, "blog-add": blogAdd, "blog-stop": blogStop, "requests": requests},
		RequireExplicitExec: true,
	})
}

// setupScript gives each script folders of its own for data and configuration.
func setupScript(e *testscript.Env) error {
	e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
	e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
	e.Setenv("HOME", e.WorkDir)
	e.Setenv("TZ", "UTC")
	e.Values[sitesKey] = sites{}
	return nil
}

// sites are the blogs of one script, by name.
type sites map[string]*testsite.Site

const sitesKey = "sites"

func siteOf(ts *testscript.TestScript, name string) *testsite.Site {
	site, ok := ts.Value(sitesKey).(sites)[name]
	if !ok {
		ts.Fatalf("there is no blog %s", name)
	}
	return site
}

// blog serves a fake blog until the script ends, and sets its name to the address of its category:
//
//	blog SITE posts=12 protected=3 fault=/archives/5:404 …
func blog(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: blog NAME [knob[=value]…]")
	}
	var opts []testsite.Option
	for _, arg := range args[1:] {
		opt, err := knob(arg)
		ts.Check(err)
		opts = append(opts, opt)
	}
	site, err := testsite.Start(opts...)
	ts.Check(err)
	ts.Defer(func() { ts.Check(site.Close()) })
	ts.Setenv(args[0], site.Category())
	ts.Setenv(args[0]+"_ROOT", site.URL())
	for i, article := range site.Articles() {
		ts.Setenv(fmt.Sprintf("%s_%d", args[0], i), article.URL)
	}
	ts.Value(sitesKey).(sites)[args[0]] = site
}

func knob(arg string) (testsite.Option, error) {
	name, value, _ := strings.Cut(arg, "=")
	n, _ := strconv.Atoi(value)
	switch name {
	case "posts":
		return testsite.Posts(n), nil
	case "seed":
		return testsite.Seed(), nil
	case "protected":
		return testsite.Protected(n), nil
	case "robots":
		return testsite.Robots(strings.ReplaceAll(value, "|", "\n")), nil
	case "robots-status":
		return testsite.RobotsStatus(n), nil
	case "trap":
		return testsite.Trap(), nil
	case "parts":
		return testsite.MultiPage(0, n), nil
	case "slow":
		return testsite.Every(1, testsite.Slow(time.Duration(n)*time.Millisecond)), nil
	case "gallery":
		return testsite.Gallery(), nil
	case "guard":
		return testsite.HotlinkGuard(n), nil
	case "fault": // PATH:STATUS
		path, status, _ := strings.Cut(value, ":")
		code, err := strconv.Atoi(status)
		return testsite.OnPath(path, testsite.Status(code)), err
	case "instead": // PATH:HTML
		path, html, _ := strings.Cut(value, ":")
		return testsite.OnPath(path, testsite.Instead(html)), nil
	}
	return nil, fmt.Errorf("unknown knob %q", arg)
}

// blogAdd publishes a new post: blog-add SITE TITLE
func blogAdd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: blog-add NAME TITLE")
	}
	siteOf(ts, args[0]).Add(testsite.Post{Title: args[1], Body: "<p>" + strings.Repeat("新文章的正文,讲的是注意力机制。", 12) + "</p>"})
}

// blogStop takes a blog off the net: blog-stop SITE
func blogStop(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: blog-stop NAME")
	}
	ts.Check(siteOf(ts, args[0]).Close())
}

// requests asserts how many requests whose path matches an expression the blog has had: requests SITE EXPR N
func requests(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: requests NAME EXPR N")
	}
	want, err := strconv.Atoi(args[2])
	ts.Check(err)
	expr := regexp.MustCompile(args[1])
	got := 0
	for _, r := range siteOf(ts, args[0]).Requests() {
		if expr.MatchString(r.Path) {
			got++
		}
	}
	if (got == want) == neg {
		ts.Fatalf("%d requests match %s, want %d (negated: %v)", got, args[1], want, neg)
	}
}

var anyFlag = regexp.MustCompile("--([a-z-]+)")

// TestReadmeListsEveryCommand keeps README, help and behaviour one truth.
func TestReadmeListsEveryCommand(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := strings.ReplaceAll(string(text), `\|`, "|") // in a table the bar is escaped
	root := newRoot(&app{})
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" || cmd.Name() == "help" {
			continue
		}
		begin := "\n| `" + cmd.Use
		if !strings.Contains(readme, begin) {
			t.Errorf("the README's table lacks `%s`", cmd.Use)
		}
		_, row, _ := strings.Cut(readme, begin)
		row, _, _ = strings.Cut(row, "\n")
		for _, flag := range anyFlag.FindAllStringSubmatch(row, -1) {
			takes := slices.ContainsFunc(append(cmd.Commands(), cmd), func(c *cobra.Command) bool { return c.Flags().Lookup(flag[1]) != nil })
			if !takes {
				t.Errorf("the README says that %s takes --%s", cmd.Name(), flag[1])
			}
		}
		if !strings.Contains(readme, cmd.Short) {
			t.Errorf("the README does not say of %s: %s", cmd.Name(), cmd.Short)
		}
	}
	for _, format := range formatNames() {
		if !strings.Contains(readme, "`"+format+"`") {
			t.Errorf("the README's table lacks the format %s", format)
		}
	}
}

// TestEveryCommandHasAScript finds a command that no script runs.
func TestEveryCommandHasAScript(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal("there are no scripts", err)
	}
	var all strings.Builder
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, cmd := range newRoot(&app{}).Commands() {
		if !strings.Contains(all.String(), "exec archiver "+cmd.Name()) {
			t.Errorf("no script runs archiver %s", cmd.Name())
		}
	}
}

// TestHelpHasExamples holds for every command that is told anything.
func TestHelpHasExamples(t *testing.T) {
	for _, cmd := range newRoot(&app{}).Commands() {
		for _, c := range append(cmd.Commands(), cmd) {
			takes := strings.Contains(c.Use, " ") && c.Name() != "completion" && c.Name() != "help"
			if takes && c.Runnable() && !c.HasExample() {
				t.Errorf("the help of %q shows no example", c.CommandPath())
			}
		}
	}
}

// TestHelpTellsExitCodes holds for every command.
func TestHelpTellsExitCodes(t *testing.T) {
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if !strings.Contains(cmd.UsageString(), "130  interrupted") {
			t.Errorf("the help of %q tells no exit codes", cmd.CommandPath())
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(&app{}))
}
