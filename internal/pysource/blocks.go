package pysource

// block is the block of a compound statement, or the module. Its indentation is that of its first line.
type block struct {
	indent int
	in     []string // the keywords of this block and those around it
}

// blocks assigns statements to the blocks that they are in.
type blocks struct {
	stack      []block // the module first
	header     string  // the keyword of the last line if an indented block must follow, otherwise empty
	statements []Statement
}

func newBlocks() *blocks { return &blocks{stack: []block{{}}} }

// add adds the statements of a logical line. It reports whether the line can be where it is.
func (b *blocks) add(line Tokens, indent int) bool {
	if !b.enter(indent) {
		return false
	}
	in := b.stack[len(b.stack)-1].in
	keyword := headerKeyword(line, in)
	if keyword != "" {
		colon := line.headerEnd()
		if colon < 0 {
			return false
		}
		b.statements = append(b.statements, Statement{line[:colon+1], in})
		if line = line[colon+1:]; len(line) == 0 {
			b.header = keyword
			return true
		}
		in = inside(in, keyword)
	}
	for _, tokens := range line.Split(";") {
		if len(tokens) > 0 {
			b.statements = append(b.statements, Statement{tokens, in})
		}
	}
	return true
}

// enter begins and ends blocks by the indentation of a line. It reports whether the indentation is valid.
func (b *blocks) enter(indent int) bool {
	top := b.stack[len(b.stack)-1]
	if b.header != "" {
		// A header without a statement after its colon must be followed by a deeper line.
		if indent <= top.indent || len(b.stack) > maxBlocks {
			return false
		}
		b.stack = append(b.stack, block{indent, inside(top.in, b.header)})
		b.header = ""
		return true
	}
	// A line that ends blocks must have the indentation of one that is still open.
	for indent < top.indent {
		b.stack = b.stack[:len(b.stack)-1]
		top = b.stack[len(b.stack)-1]
	}
	return indent == top.indent
}

// inside returns the keywords for a block in another.
func inside(in []string, keyword string) []string { return append(in[:len(in):len(in)], keyword) }

// headerKeyword returns the keyword of a compound statement's first line, without async. It is empty for other lines.
// In is where the line is: match and case are keywords at some places only.
func headerKeyword(line Tokens, in []string) string {
	if line[0].is("async") && len(line) > 1 {
		line = line[1:]
	}
	switch word := line[0].Text; word {
	case "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class":
		return word
	case "match":
		if line[len(line)-1].is(":") {
			return word
		}
	case "case":
		if len(in) > 0 && in[len(in)-1] == "match" {
			return word
		}
	}
	return ""
}

// headerEnd returns the index of the colon that ends the first line of a compound statement, or -1.
func (t Tokens) headerEnd() int {
	lambdas := 0
	for i := range t.outside() {
		switch {
		case t[i].is("lambda"):
			lambdas++
		case t[i].is(":") && lambdas > 0:
			lambdas--
		case t[i].is(":"):
			return i
		}
	}
	return -1
}
