package limits

// Shallow reports whether a command line is so short and so little nested that a parser of shells can read it: the
// parser calls itself for each bracket.
func Shallow(command string) bool {
	depth := 0
	for i := range len(command) {
		switch command[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		}
		if depth > Depth {
			return false
		}
	}
	return len(command) <= ProcfileLine
}
