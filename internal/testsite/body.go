package testsite

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
)

// shortBody is how many bytes a generated body has where no page size is asked for.
const shortBody = 3 << 10

// generate writes the body of a post: size bytes, and then the end of its section.
func generate(id, size int) string {
	if size <= 0 {
		size = shortBody
	}
	r := randomFor(id, 2)
	var b strings.Builder
	b.Grow(size + 4<<10)
	block := func(s string) { b.WriteString(s + "\n\n") }
	block(fmt.Sprintf("<p>这是第 %d 号文章。%s%s</p>", id, sentence(r), sentence(r)))
	block(paragraph(r, 2) + moreMark)
	for section := 0; b.Len() < size; section++ {
		block(fmt.Sprintf(`<h2 class="wp-block-heading">%d. %s</h2>`, section+1, topics[section%len(topics)]))
		block(paragraph(r, 3+r.IntN(4)))
		if r.IntN(2) == 0 {
			block("<h3>" + pick(r, tricks) + "的影响</h3>")
		}
		// Every section has one thing that is not a paragraph; the first of a post depends on its number.
		switch (id + section) % 6 {
		case 0:
			block(code(r))
		case 1:
			block(table(r))
		case 2:
			block(list(r))
		case 3:
			block(formula(r))
		case 4:
			block("<blockquote class=\"wp-block-quote\">" + paragraph(r, 2) + "</blockquote>")
		case 5:
			block(figure(r))
		}
		block(paragraph(r, 4+r.IntN(4)))
	}
	return b.String()
}

func code(r *rand.Rand) string {
	model, steps := strings.ToLower(pick(r, models)), 100*(2+r.IntN(90))
	language, text := "python", fmt.Sprintf(`import torch
from transformers import AutoModel, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("%[1]s")
model = AutoModel.from_pretrained("%[1]s").eval()


def encode(texts, batch=%[2]d):
    """把一批句子变成向量，长度不足的在左边填充。"""
    for i in range(0, len(texts), batch):
        inputs = tokenizer(texts[i:i + batch], padding=True, return_tensors="pt")
        with torch.no_grad():
            hidden = model(**inputs).last_hidden_state
        yield hidden[:, -1] if i < %[3]d else hidden.mean(dim=1)`, model, 8<<r.IntN(4), steps)
	if r.IntN(3) == 0 {
		language, text = "bash", fmt.Sprintf(`export CUDA_VISIBLE_DEVICES=0,1
torchrun --nproc_per_node 2 train.py \
    --model %s --steps %d --bf16 \
    2>&1 | tee "log/$(date +%%F).txt" && echo "完成"`, model, steps)
	}
	return fmt.Sprintf(`<pre class="wp-block-code"><code lang="%[1]s" class="language-%[1]s">%[2]s</code></pre>`, language, html.EscapeString(text))
}

func table(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString(`<figure class="wp-block-table"><table><thead><tr><th>模型</th><th>` + pick(r, sets) + `</th><th>参数量</th><th>显存</th></tr></thead><tbody>`)
	for range 3 + r.IntN(4) {
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%d.%d</td><td>%dB</td><td>%d GB</td></tr>", pick(r, models), 60+r.IntN(38), r.IntN(10), 1+r.IntN(70), 4+r.IntN(76))
	}
	b.WriteString("</tbody></table></figure>")
	return b.String()
}

func list(r *rand.Rand) string {
	var b strings.Builder
	name := pick(r, []string{"ul", "ol"})
	b.WriteString("<" + name + ">\n")
	for range 3 + r.IntN(4) {
		b.WriteString("<li>" + sentence(r) + "</li>\n")
	}
	b.WriteString("</" + name + ">")
	return b.String()
}

func formula(r *rand.Rand) string {
	return fmt.Sprintf(`<p>$$\mathcal{L}(\theta)=-\sum_{i=1}^{%d}\log p_\theta(y_i\mid x_{&lt;i})+%.2f\lVert\theta\rVert_2^2$$</p>`, 2+r.IntN(90), r.Float64())
}

func figure(r *rand.Rand) string {
	n := r.IntN(pictures)
	return fmt.Sprintf(`<figure class="wp-block-image size-large"><img loading="lazy" decoding="async" width="640" height="360" `+
		`src="%s" alt="%s 的曲线"/><figcaption>图：%s在%s上的表现</figcaption></figure>`, picturePath(n), pick(r, models), pick(r, models), pick(r, sets))
}
