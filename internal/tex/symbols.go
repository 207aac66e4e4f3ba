package tex

import (
	"strings"
	"sync"
)

// This file has the signs: the commands that stand for one character, with the class that TeX gives it.

type sign struct {
	text  string
	class class
	kind  signKind
}

type signKind uint8

const (
	plain   signKind = iota // by its class
	letter                  // a letter, which fonts change
	capital                 // a letter that is upright by itself
	integral
	large // an operator with limits
	fence // a delimiter that stands for itself
)

const greekSigns = `alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ
lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
digamma ϝ partial ∂ imath ı jmath ȷ`

const capitalSigns = `Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω nabla ∇ Alpha Α Beta Β Epsilon Ε
Zeta Ζ Eta Η Iota Ι Kappa Κ Mu Μ Nu Ν Omicron Ο Rho Ρ Tau Τ Chi Χ varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π
varSigma Σ varUpsilon Υ varPhi Φ varPsi Ψ varOmega Ω`

const ordinarySigns = `infty ∞ infin ∞ emptyset ∅ varnothing ∅ empty ∅ ell ℓ hbar ℏ hslash ℏ Re ℜ Im ℑ real ℜ image ℑ wp ℘ weierp ℘ aleph ℵ alefsym ℵ beth ℶ gimel ℷ daleth ℸ
forall ∀ exists ∃ exist ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ measuredangle ∡ sphericalangle ∢ triangle △ triangledown ▽ square □
Box □ blacksquare ■ Diamond ◊ lozenge ◊ blacklozenge ⧫ bigstar ★ clubsuit ♣ clubs ♣ diamondsuit ♢ diamonds ♢ heartsuit ♡ hearts ♡
spadesuit ♠ spades ♠ flat ♭ natural ♮ sharp ♯ surd √ checkmark ✓ degree ° prime ′ backprime ‵ complement ∁ mho ℧ eth ð Bbbk 𝕜 copyright © circledR ® circledS Ⓢ
pounds £ yen ¥ euro € S § P ¶ dag † ddag ‡ textdegree ° blacktriangle ▲ blacktriangledown ▼ diagup ╱ diagdown ╲ Finv Ⅎ Game ⅁
R ℝ reals ℝ Reals ℝ N ℕ natnums ℕ Z ℤ Q ℚ C ℂ cnums ℂ Complex ℂ % % # # $ $ & & _ _ lbrace { backslash \ textbackslash \ AA Å aa å ss ß o ø O Ø ae æ AE Æ i ı j ȷ
mathsterling £ maltese ✠ textcopyright © textregistered ® sect § alef ℵ thetasym ϑ lq ‘ rq ’ minuso ⦵ pounds £ cent ¢`

const binarySigns = `pm ± mp ∓ plusmn ± times × div ÷ cdot ⋅ cdotp ⋅ centerdot ⋅ ast ∗ star ⋆ circ ∘ bullet ∙ bull ∙ cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔ vee ∨ lor ∨
wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ diamond ⋄ bigtriangleup △ bigtriangledown ▽ triangleleft ◃ triangleright ▹ lhd ⊲ rhd ⊳ unlhd ⊴ unrhd ⊵
oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ bigcirc ◯ dagger † ddagger ‡ amalg ⨿ And & barwedge ⊼ doublebarwedge ⩞ veebar ⊻ curlywedge ⋏ curlyvee ⋎
boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ circledast ⊛ circledcirc ⊚ circleddash ⊝ dotplus ∔ divideontimes ⋇ intercal ⊺ leftthreetimes ⋋
rightthreetimes ⋌ ltimes ⋉ rtimes ⋊ Cap ⋒ Cup ⋓ doublecap ⋒ doublecup ⋓ sdot ⋅ gtrdot ⋗ lessdot ⋖ Dagger ‡`

const relationSigns = `le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ lt < gt > leqq ≦ geqq ≧ leqslant ⩽ geqslant ⩾ eqslantless ⪕ eqslantgtr ⪖ ll ≪ gg ≫ lll ⋘ ggg ⋙ llless ⋘ gggtr ⋙
approx ≈ approxeq ≊ thickapprox ≈ sim ∼ thicksim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ varpropto ∝ asymp ≍ doteq ≐ Doteq ≑ doteqdot ≑ fallingdotseq ≒ risingdotseq ≓
triangleq ≜ circeq ≗ eqcirc ≖ bumpeq ≏ Bumpeq ≎ backsim ∽ backsimeq ⋍ eqsim ≂ prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿
precapprox ⪷ succapprox ⪸ in ∈ isin ∈ ni ∋ owns ∋ notin ∉ notni ∌ subset ⊂ sub ⊂ supset ⊃ subseteq ⊆ sube ⊆ supseteq ⊇ supe ⊇ subsetneq ⊊ supsetneq ⊋ subseteqq ⫅ supseteqq ⫆
subsetneqq ⫋ supsetneqq ⫌ varsubsetneq ⊊ varsupsetneq ⊋ nsubseteq ⊈ nsupseteq ⊉ Subset ⋐ Supset ⋑ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒
colonequals ≔ coloncolon ∷ coloncolonequals ⩴ equalscolon ≕ eqcolon ≕ colonminus :− Coloneq ∷− simcolon ∼: approxcolon ≈:
nshortparallel ∦ nsubseteqq ⊈ nsupseteqq ⊉ varsubsetneqq ⫋ varsupsetneqq ⫌ Darr ⇓ Uarr ⇑ lrarr ↔ lrArr ⇔ Lrarr ⇔ ordinarycolon : mid ∣ nmid ∤ shortmid ∣ nshortmid ∤ parallel ∥ nparallel ∦ shortparallel ∥ perp ⊥ models ⊨ vdash ⊢ dashv ⊣ vDash ⊨ Vdash ⊩ Vvdash ⊪ nvdash ⊬ nvDash ⊭ nVdash ⊮ nVDash ⊯
smile ⌣ frown ⌢ smallsmile ⌣ smallfrown ⌢ bowtie ⋈ Join ⋈ ltimes ⋉ therefore ∴ because ∵ between ≬ pitchfork ⋔ backepsilon ϶ vartriangle △ vartriangleleft ⊲ vartriangleright ⊳
trianglelefteq ⊴ trianglerighteq ⊵ blacktriangleleft ◀ blacktriangleright ▶ ntriangleleft ⋪ ntriangleright ⋫ ntrianglelefteq ⋬ ntrianglerighteq ⋭
lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷ lesseqgtr ⋚ gtreqless ⋛ lesseqqgtr ⪋ gtreqqless ⪌ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ nleqslant ≰ ngeqslant ≱ nleqq ≰ ngeqq ≱ lneq ⪇ gneq ⪈
lneqq ≨ gneqq ≩ lvertneqq ≨ gvertneqq ≩ lnsim ⋦ gnsim ⋧ lnapprox ⪉ gnapprox ⪊ nsim ≁ ncong ≇ nprec ⊀ nsucc ⊁ npreceq ⋠ nsucceq ⋡ precneqq ⪵ succneqq ⪶ precnsim ⋨ succnsim ⋩ precnapprox ⪹ succnapprox ⪺
curlyeqprec ⋞ curlyeqsucc ⋟ coloneqq ≔ coloneq ≔ eqqcolon ≕ Coloneqq ⩴ vcentcolon : ratio : dblcolon ∷ colonapprox :≈ colonsim :∼
to → gets ← rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ rarr → larr ← harr ↔ rArr ⇒ lArr ⇐ hArr ⇔ Rarr ⇒ Larr ⇐ Harr ⇔ implies ⟹ impliedby ⟸ iff ⟺
longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺ mapsto ↦ longmapsto ⟼ mapsfrom ↤ hookrightarrow ↪ hookleftarrow ↩
rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌ leftrightharpoons ⇋ upharpoonright ↾ upharpoonleft ↿ downharpoonright ⇂ downharpoonleft ⇃ restriction ↾
nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ leadsto ⇝ rightsquigarrow ⇝ leftrightsquigarrow ↭ twoheadrightarrow ↠ twoheadleftarrow ↞ rightarrowtail ↣ leftarrowtail ↢ Rrightarrow ⇛ Lleftarrow ⇚
rightrightarrows ⇉ leftleftarrows ⇇ rightleftarrows ⇄ leftrightarrows ⇆ upuparrows ⇈ downdownarrows ⇊ dashrightarrow ⇢ dashleftarrow ⇠ dasharrow ⇢ curvearrowright ↷ curvearrowleft ↶ circlearrowright ↻ circlearrowleft ↺
looparrowright ↬ looparrowleft ↫ multimap ⊸ nrightarrow ↛ nleftarrow ↚ nleftrightarrow ↮ nRightarrow ⇏ nLeftarrow ⇍ nLeftrightarrow ⇎ Lsh ↰ Rsh ↱ origof ⊶ imageof ⊷
uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ uarr ↑ darr ↓ uArr ⇑ dArr ⇓`

const largeSigns = `sum ∑ prod ∏ coprod ∐ bigcap ⋂ bigcup ⋃ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆ bigsqcap ⨅`

const integralSigns = `int ∫ iint ∬ iiint ∭ iiiint ⨌ oint ∮ oiint ∯ oiiint ∰ intop ∫ smallint ∫`

const innerSigns = `ldots … dots … cdots ⋯ dotsc … dotsb ⋯ dotsm ⋯ dotsi ⋯ dotso … hdots … mathellipsis … textellipsis … ddots ⋱ vdots ⋮ varvdots ⋮ dotsx … adots ⋰ iddots ⋰`

const openSigns = `lbrace { { { lparen ( lbrack [ langle ⟨ lang ⟨ lfloor ⌊ lceil ⌈ lgroup ⟮ lmoustache ⎰ lvert | lVert ‖ ulcorner ⌜ llcorner ⌞ llbracket ⟦ lBrack ⟦ lBrace ⦃ lAngle ⟪`

const closedSigns = `rbrace } } } rparen ) rbrack ] rangle ⟩ rang ⟩ rfloor ⌋ rceil ⌉ rgroup ⟯ rmoustache ⎱ rvert | rVert ‖ urcorner ⌝ lrcorner ⌟ rrbracket ⟧ rBrack ⟧ rBrace ⦄ rAngle ⟫`

const barSigns = `| ‖ vert | Vert ‖`

const punctuationSigns = `colon : ldotp .`

// commands are the signs by the names of their commands.
func commands() map[string]sign { return commandTable() }

var commandTable = sync.OnceValue(func() map[string]sign {
	table := map[string]sign{}
	add := func(list string, s sign) {
		words := strings.Fields(list)
		for i := 0; i+1 < len(words); i += 2 {
			s.text = words[i+1]
			table[words[i]] = s
		}
	}
	add(ordinarySigns, sign{})
	add(greekSigns, sign{kind: letter})
	add(capitalSigns, sign{kind: capital})
	add(binarySigns, sign{class: binary})
	add(relationSigns, sign{class: relation})
	add(largeSigns, sign{class: op, kind: large})
	add(integralSigns, sign{class: op, kind: integral})
	add(innerSigns, sign{class: inner})
	add(openSigns, sign{class: open, kind: fence})
	add(closedSigns, sign{class: closed, kind: fence})
	add(barSigns, sign{kind: fence})
	add(punctuationSigns, sign{class: punctuation})
	return table
})

// signs are the same by their characters, and those that a keyboard has.
func signs() map[string]sign { return signTable() }

var signTable = sync.OnceValue(func() map[string]sign {
	table := map[string]sign{}
	for _, list := range []struct {
		signs string
		sign  sign
	}{
		{ordinarySigns, sign{}}, {greekSigns, sign{kind: letter}}, {capitalSigns, sign{kind: capital}}, {binarySigns, sign{class: binary}},
		{relationSigns, sign{class: relation}}, {largeSigns, sign{class: op, kind: large}}, {integralSigns, sign{class: op, kind: integral}},
		{innerSigns, sign{class: inner}}, {openSigns, sign{class: open, kind: fence}}, {closedSigns, sign{class: closed, kind: fence}},
	} {
		words := strings.Fields(list.signs)
		for i := 1; i < len(words); i += 2 {
			list.sign.text = words[i]
			table[words[i]] = list.sign
		}
	}
	for _, s := range []struct {
		chars string
		sign  sign
	}{
		{"+", sign{class: binary}}, {"<>=", sign{class: relation}}, {":", sign{class: relation}}, {",;", sign{class: punctuation}},
		{"([", sign{class: open, kind: fence}}, {")]", sign{class: closed, kind: fence}}, {"!?", sign{class: closed}}, {"|", sign{kind: fence}}, {"∥‖", sign{kind: fence}},
		{`./\"@·%`, sign{}}, {"·", sign{class: binary}}, {"，；", sign{class: punctuation}},
	} {
		for _, r := range s.chars {
			s.sign.text = string(r)
			table[string(r)] = s.sign
		}
	}
	table["-"] = sign{text: "−", class: binary}
	table["−"] = table["-"]
	table["–"] = table["-"]
	table["*"] = sign{text: "∗", class: binary}
	table["`"] = sign{text: "‘"}
	return table
})

// known tells whether a name is a command already.
func known(name string) bool {
	_, ok := commands()[name]
	return ok || functions()[name] != function{}
}

// sign is a sign as a node.
func (p *parser) sign(s sign) *node {
	switch s.kind {
	case letter:
		f := p.font
		if f.alphabet().greekLower == 0 {
			f = italic
		}
		return token("mi", f.spell(s.text))
	case capital:
		if p.font == italic || p.font.alphabet().greekUpper == 0 {
			return token("mi", s.text).set("mathvariant", "normal")
		}
		return token("mi", p.font.spell(s.text))
	case large:
		n := operator(s.text).as(op)
		n.limits = byStyle
		return n
	case integral:
		return operator(s.text).as(op)
	case fence:
		n := operator(s.text).set("stretchy", "false").as(s.class)
		switch {
		case s.class == open:
			n.set("form", "prefix")
		case s.class == closed:
			n.set("form", "postfix")
		default:
			n.set("lspace", "0").set("rspace", "0")
			n.core = nil
		}
		return n
	}
	n := operator(s.text).as(s.class)
	switch s.class {
	case ordinary, inner:
		n = token("mi", s.text).as(s.class)
		if len([]rune(s.text)) == 1 && s.text != "ℓ" {
			n.set("mathvariant", "normal")
		}
	case closed:
		n.set("form", "postfix").set("lspace", "0").set("rspace", "0")
	case punctuation:
		n.set("lspace", "0").set("rspace", thin).set("separator", "true")
	case relation:
		switch s.text {
		case ":", "∣", "∤", "⊥":
			n.set("lspace", "0.2778em").set("rspace", "0.2778em")
		case "↑", "↓", "↕", "⇑", "⇓", "⇕", "∥", "∦":
			n.set("stretchy", "false").set("lspace", "0.2778em").set("rspace", "0.2778em")
		}
	}
	return n
}

var delimiterTable = sync.OnceValue(func() map[string]string {
	table := map[string]string{"backslash": `\`, "(": "(", ")": ")", "[": "[", "]": "]", ".": "", "/": "/"}
	for name, s := range commands() {
		if s.kind == fence || strings.HasSuffix(strings.ToLower(name), "arrow") && strings.Contains("↑↓↕⇑⇓⇕", s.text) {
			table[name] = s.text
		}
	}
	return table
})
