package archiver

import "testing"

func TestSourceName(t *testing.T) {
	tests := []struct{ address, want string }{
		{"https://blog.example/category/nlp/", "nlp"},
		{"https://blog.example/archives/category/%E8%87%AA%E7%84%B6%E8%AF%AD%E8%A8%80%E5%A4%84%E7%90%86nlp", "自然语言处理nlp"},
		{"https://blog.example/category/Machine-Learning/page/2/", "machine-learning"},
		{"https://blog.example/category/linux-ops.html", "linux-ops"},
		{"https://blog.example/?cat=2", "blog.example-cat-2"},
		{"https://www.blog.example/", "blog.example"},
		{"https://blog.example/categories/C++/", "c"},
		{"http://127.0.0.1:8080/category/llm", "llm"},
	}
	for _, tt := range tests {
		got := SourceName(tt.address)
		if got != tt.want {
			t.Errorf("SourceName(%q) = %q, want %q", tt.address, got, tt.want)
		}
		if err := CheckSourceName(got); err != nil {
			t.Errorf("its own name %q is refused: %v", got, err)
		}
	}
}

func TestCheckSourceName(t *testing.T) {
	for _, bad := range []string{"", "a/b", "../x", "two words", "-x", "x-", "A", "a\x1b", "0123456789012345678901234567890123456789x"} {
		if err := CheckSourceName(bad); KindOf(err) != Invalid || err == nil {
			t.Errorf("CheckSourceName(%q) = %v, want Invalid", bad, err)
		}
	}
}
