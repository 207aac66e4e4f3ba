package export

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"archiver"
)

// browserPlayed has the test program play the browser, where this variable says how.
const browserPlayed = "ARCHIVER_TEST_BROWSER"

func TestMain(m *testing.M) {
	if how := os.Getenv(browserPlayed); how != "" {
		os.Exit(playBrowser(how))
	}
	if dir := os.Getenv(exportsInto); dir != "" {
		os.Exit(exportEverything(dir))
	}
	os.Exit(m.Run())
}

const (
	pdfHead = "%PDF-1.4\n1 0 obj\n<</Creator (x)\n/CreationDate (D:20300102030405+00'00')\n/ModDate (D:20300102030405+00'00')>>\nendobj\n"
	pdfEnd  = "trailer\nstartxref\n0\n%%EOF\n"
)

func playBrowser(how string) int {
	target, page := "", strings.TrimPrefix(os.Args[len(os.Args)-1], "file://")
	for _, arg := range os.Args {
		if t, ok := strings.CutPrefix(arg, "--print-to-pdf="); ok {
			target = t
		}
	}
	text := ""
	switch how {
	case "prints":
		text = pdfHead + pdfEnd
	case "echoes": // the page, as a file that passes for a PDF
		data, err := os.ReadFile(page)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		text = pdfHead + string(data) + pdfEnd
	case "half":
		text = pdfHead
	case "complains":
		fmt.Fprintln(os.Stderr, strings.Repeat("noise ", 10_000)+"no display")
		return 3
	case "hangs":
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), browserPlayed+"=sleeps")
		if err := child.Start(); err != nil {
			return 1
		}
		os.WriteFile(os.Getenv(browserPlayed+"_PIDS"), []byte(fmt.Sprintln(os.Getpid(), child.Process.Pid)), 0o600)
		time.Sleep(time.Minute)
	case "sleeps":
		time.Sleep(time.Minute)
	}
	if text != "" && os.WriteFile(target, []byte(text), 0o600) != nil {
		return 1
	}
	return 0
}

// playing has a browser that behaves in a way, and gives the folder that books are printed in.
func playing(t *testing.T, how string) (temp string) {
	t.Helper()
	temp = t.TempDir()
	t.Setenv(browserVariable, os.Args[0])
	t.Setenv(browserPlayed, how)
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	return temp
}

func TestPDFTakesThePageWhole(t *testing.T) {
	temp := playing(t, "echoes")
	all := append(small(), nasty()...)
	data := export(t, "pdf", articlesOf(all...), Options{Sources: []archiver.Source{source}})
	onlyIn(t, temp)
	if want := "D:99991231000000+00'00'"; strings.Count(string(data), want) != 2 {
		t.Errorf("the dates: %.200s", data)
	}
	page := bytes.TrimSuffix(bytes.TrimPrefix(data[bytes.Index(data, []byte("endobj\n")):], []byte("endobj\n")), []byte(pdfEnd))
	ids, links := map[string]bool{}, []string{}
	parts := 0
	decoder := xml.NewDecoder(bytes.NewReader(page))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			switch {
			case a.Name.Local == "id" && ids[a.Value]:
				t.Errorf("two elements are called %s", a.Value)
			case a.Name.Local == "id":
				ids[a.Value] = true
			case a.Name.Local == "href" && start.Name.Local == "a":
				links = append(links, a.Value)
			case a.Name.Local == "class" && a.Value == "part":
				parts++
			}
		}
		if start.Name.Local == "script" {
			t.Error("a script")
		}
	}
	if want := len(all) + 3; parts < want {
		t.Errorf("%d parts, want %d: cover, title, contents and a chapter an article", parts, want)
	}
	for _, link := range links {
		if id, inside := strings.CutPrefix(link, "#"); inside && !ids[id] {
			t.Errorf("the link %s leads nowhere", link)
		} else if !inside && !regexp.MustCompile(`^(https?://|mailto:)`).MatchString(link) {
			t.Errorf("a link to %s", link)
		}
	}
}

func TestBrowsersThatDoNotPrint(t *testing.T) {
	pdf, _ := Lookup("pdf")
	for _, tt := range []struct{ how, want string }{
		{"complains", "no display"},
		{"does nothing", "it wrote no file"},
		{"half", "no whole PDF"},
	} {
		t.Run(tt.how, func(t *testing.T) {
			temp := playing(t, tt.how)
			var b bytes.Buffer
			_, err := pdf.Write(context.Background(), &b, articlesOf(small()...), Options{})
			if archiver.KindOf(err) != archiver.Invalid || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > maxComplaint+500 || b.Len() > 0 {
				t.Errorf("error %v, %d bytes", err, b.Len())
			}
			onlyIn(t, temp)
		})
	}
	t.Run("none", func(t *testing.T) {
		temp := playing(t, "prints")
		for _, named := range []string{"", filepath.Join(temp, "no browser")} {
			t.Setenv(browserVariable, named)
			t.Setenv("PATH", temp)
			t.Setenv("HOME", temp)
			if _, err := findBrowser(); err == nil && named == "" {
				continue // a system that keeps browsers elsewhere than on PATH
			}
			_, err := pdf.Write(context.Background(), io.Discard, articlesOf(small()...), Options{})
			if e, ok := errors.AsType[*archiver.Error](err); !ok || e.Kind != archiver.Invalid || !strings.Contains(e.Hint, browserVariable) && named == "" {
				t.Errorf("named %q: %v", named, err)
			}
		}
		onlyIn(t, temp)
	})
}

// TestCancelledBrowserIsGone: Ctrl-C ends the browser with its helpers, and nothing of the book stays.
func TestCancelledBrowserIsGone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes are looked for as Unix does")
	}
	temp := playing(t, "hangs")
	list := filepath.Join(t.TempDir(), "pids")
	t.Setenv(browserPlayed+"_PIDS", list)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			if data, _ := os.ReadFile(list); bytes.HasSuffix(data, []byte("\n")) {
				cancel()
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	pdf, _ := Lookup("pdf")
	if _, err := pdf.Write(ctx, io.Discard, articlesOf(small()...), Options{}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	data, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	for _, pid := range strings.Fields(string(data)) {
		for range 400 {
			state, err := exec.Command("ps", "-o", "stat=", "-p", pid).Output()
			if err != nil || bytes.HasPrefix(bytes.TrimSpace(state), []byte("Z")) {
				pid = ""
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if pid != "" {
			t.Errorf("process %s still runs", pid)
		}
	}
	onlyIn(t, temp)
}

func TestLeftBooksAreSwept(t *testing.T) {
	temp := playing(t, "prints")
	old, running := filepath.Join(temp, tempBook+"old"), filepath.Join(temp, tempBook+"running")
	if err := errors.Join(os.MkdirAll(filepath.Join(old, "EPUB"), 0o700), os.Mkdir(running, 0o700)); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * leftBehind)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	export(t, "pdf", articlesOf(small()...), Options{})
	onlyIn(t, temp, filepath.Base(running))
}

func TestTimeless(t *testing.T) {
	date := time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, before := range []int{0, 10, 1<<20 - 70, 1<<20 - 64, 1<<20 - 40, 1<<20 - 1, 1 << 20, 3<<20 + 5} {
		pad := strings.Repeat("x", before)
		in := pad + "/CreationDate (D:20300102030405+08'00')\n/ModDate (D:20300102030405Z00'00') /CreationDate (D:2030)" + pad
		want := pad + "/CreationDate (D:20240203040506+00'00')\n/ModDate (D:20240203040506+00'00') /CreationDate (D:2030)" + pad
		var got bytes.Buffer
		if err := timeless(&got, strings.NewReader(in), date); err != nil || got.String() != want {
			t.Errorf("%d bytes before: %v, equal %v", before, err, got.String() == want)
		}
	}
}

// TestPrinted has the real browser print. ARCHIVER_CHROMIUM names it.
func TestPrinted(t *testing.T) {
	if os.Getenv(browserVariable) == "" {
		t.Skip(browserVariable + " names no browser")
	}
	all := append(append(small(), nasty()...), lectureArticle())
	opts := Options{Sources: []archiver.Source{source}, Library: shelved(t, all...)}
	var first []byte
	for _, zone := range []string{"Asia/Shanghai", "America/New_York"} {
		t.Setenv("TZ", zone)
		t.Setenv("LANG", map[bool]string{true: "zh_CN.UTF-8", false: "C"}[first == nil])
		data := export(t, "pdf", articlesOf(all...), opts)
		if first != nil && !bytes.Equal(first, data) {
			t.Errorf("printed in %s it is another file", zone)
		}
		first = data
	}
	path := filepath.Join(t.TempDir(), "book.pdf")
	if err := os.WriteFile(path, first, 0o600); err != nil {
		t.Fatal(err)
	}
	if keep := os.Getenv("ARCHIVER_KEEP_BOOKS"); keep != "" {
		if err := os.WriteFile(filepath.Join(keep, "book.pdf"), first, 0o600); err != nil {
			t.Error(err)
		}
	}
	text, err := exec.Command("pdftotext", "-layout", path, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext of poppler reads it: %v\n%s", err, text)
	}
	letters := func(s string) string { return strings.Join(strings.Fields(s), "") }
	got := letters(string(text))
	for _, want := range []string{"自然语言处理(NLP)", "目录", "RAG优化浅谈", "检索模块才是RAG调优空间最大的部分", "fmt.Println(\"你好\")", "图1：RAG的流程", "一条脚注。", "130B", "softmax", "折叠的内容", "没有标题，也没有日期。"} {
		if !strings.Contains(got, letters(want)) {
			t.Errorf("the pages do not say %q", want)
		}
	}
	info, err := exec.Command("pdfinfo", path).CombinedOutput()
	if err != nil {
		t.Fatalf("pdfinfo: %v\n%s", err, info)
	}
	pages, _ := strconv.Atoi(strings.TrimSpace(regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(string(info))[1]))
	if pages < len(all)+3 || !strings.Contains(string(info), "Tagged:          yes") || !strings.Contains(string(info), "Title:           自然语言处理(NLP)") {
		t.Errorf("what it says of itself:\n%s", info)
	}
	if !strings.Contains(string(info), "(A4)") {
		t.Error("not on A4")
	}
}
