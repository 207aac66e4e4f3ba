package extract

import (
	"bytes"
	"strings"
	"sync"
	"testing"
)

// TestEmphasisIsSeen shows Markdown through a CommonMark reader: emphasis beside CJK punctuation must come out as emphasis. The
// punctuation at its edges may have moved out of it.
func TestEmphasisIsSeen(t *testing.T) {
	tests := []struct{ in, want string }{
		{"这是<strong>重要。</strong>下一句", "这是<strong>重要。</strong><!-- -->下一句"},
		{"他说<strong>“你好”</strong>然后走了", "他说<!-- --><strong>“你好”</strong><!-- -->然后走了"},
		{"中文<strong>加粗</strong>中文", "中文<strong>加粗</strong>中文"},
		{"见<em>（附录）</em>所示", "见<!-- --><em>（附录）</em><!-- -->所示"},
		{"<strong>（附录）</strong>所示", "<strong>（附录）</strong><!-- -->所示"},
		{"使用<strong><code>go build</code></strong>命令", "使用<strong><code>go build</code></strong>命令"},
		{"<strong>注意：</strong>请看", "<strong>注意</strong>：请看"},
		{"<strong>一、</strong><strong>二、</strong>三", "<strong>一、二</strong>、三"},
		{"句子。<strong>“引”</strong>", "句子。<strong>“引”</strong>"},
		{"a<strong>b</strong>c", "a<strong>b</strong>c"},
		{"<em><strong>两者</strong></em>都", "<em><strong>两者</strong></em>都"},
		{"中<del>删。</del>文", "中<del>删。</del><!-- -->文"},
		{"<em>x</em><strong>y</strong>", "<em>x</em><strong>y</strong>"},
		{"满<strong>50%</strong>时", "满<strong>50%</strong><!-- -->时"},
		{`<strong>星*号</strong>后`, "<strong>星*号</strong>后"},
		{`前<strong><a href="https://x.example/">链接</a></strong>后`, `前<strong><a href="https://x.example/">链接</a></strong>后`},
	}
	for _, tt := range tests {
		md := markdownOf(t, cleanHTML(t, "<p>"+tt.in+"</p>"))
		var shown bytes.Buffer
		if err := reader.Convert([]byte(md), &shown); err != nil {
			t.Fatal(err)
		}
		got := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(shown.String()), "<p>"), "</p>")
		if got != tt.want {
			t.Errorf("%s is shown as\n%s, want\n%s\nMarkdown: %s", tt.in, got, tt.want, md)
		}
	}
}

func TestEscapeText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"全是中文，没有标记。", "全是中文，没有标记。"},
		{"snake_case 和 中_文", "snake_case 和 中_文"},
		{"2 * 3 = 6", "2 * 3 = 6"},
		{"*star*", `\*star\*`},
		{"_under_", `\_under\_`},
		{"a < b && c > d", "a < b && c > d"},
		{"vector<int>", `vector\<int>`},
		{"&amp; 和 AT&T", `\&amp; 和 AT&T`},
		{`C:\dir\n \* \\`, `C:\dir\n \\\* \\\\`},
		{"[1] 与 [x](y)", `[1] 与 [x\](y)`},
		{"5~10", "5~10"},
		{"5~10，20~30", `5\~10，20\~30`},
		{"`code`", "\\`code\\`"},
		{"[^1]", `\[^1]`},
		{"wow!", "wow!"},
	}
	for _, tt := range tests {
		var b bytes.Buffer
		escapeText(&b, tt.in, surroundings{before: '\n', after: '\n'})
		if got := b.String(); got != tt.want {
			t.Errorf("escapeText(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestMarkdownAtOnce(t *testing.T) {
	tree := cleanHTML(t, "<h2>标题</h2><p>一<b>二</b></p><ul><li>三</li></ul>")
	want := markdownOf(t, tree)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				if got, err := toMarkdown(tree); err != nil || got != want {
					t.Errorf("toMarkdown = %q, %v, want %q", got, err, want)
				}
			}
		})
	}
	wait.Wait()
}
