package hostile

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Took is how long CPUs have worked for a process that has ended. How long it has waited depends on the machine.
func Took(state *os.ProcessState) time.Duration { return state.UserTime() + state.SystemTime() }

// Watch is the most memory, in KB, that a process was seen with. It ends one that takes too much, before the machine
// has none left.
func Watch(process *os.Process, memory int) (peak int64) {
	for {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.Pid))
		_, rest, there := strings.Cut(string(data), "VmHWM:")
		if err != nil || !there {
			return peak
		}
		kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
		if peak = max(peak, kb); peak > int64(memory)<<10 {
			_ = process.Kill()
			return peak
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// Run is what explain said of a case, and what that took.
type Run struct {
	Text, JSON string
	Took       time.Duration
	Peak       int64 // memory, in KB
}

// Judge says what is wrong with a run.
func (want Want) Judge(r Run) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if r.Took > MaxTime {
		say("it takes %.1f s", r.Took.Seconds())
	}
	if r.Peak > MaxMemory {
		say("it takes %d MB", r.Peak>>10)
	}
	if len(r.Text) > MaxOutput {
		say("it prints %d KB", len(r.Text)>>10)
	}
	if strings.Contains(r.Text+r.JSON, Secret) {
		say("the secret is printed")
	}
	if raw := Raw(r.Text); raw != "" {
		say("raw: %q", raw)
	}
	if line := Obeyed(r.Text); line != "" {
		say("a line that CI obeys: %.40q", line)
	}
	if strings.Contains(r.Text, "internal error") {
		say("internal error")
	}
	var e struct {
		Findings []struct{ ID, Message, Severity string }
	}
	if err := json.Unmarshal([]byte(r.JSON), &e); err != nil {
		say("its JSON: %v", err)
	}
	found, ids := 0, []string{}
	for _, p := range e.Findings {
		if p.Severity != "error" {
			continue
		}
		ids = append(ids, p.ID)
		if p.ID == "" {
			say("an error without an id: %.60s", p.Message)
		}
		if p.ID != "" && slices.Contains(strings.Split(want.Problem, "|"), p.ID) {
			found++
		}
	}
	switch {
	case want.Problem != "" && found == 0:
		say("no %s (%s)", want.Problem, few(ids))
	case want.Once && found > 1:
		say("%s %d times", want.Problem, found)
	case want.Fine && len(ids) > 0:
		say("a problem: %s", few(ids))
	}
	if !strings.Contains(r.Text, want.Text) {
		say("without %q", want.Text)
	}
	if want.Never != "" && strings.Contains(r.Text, want.Never) {
		say("with %q", want.Never)
	}
	return wrong
}

func few(ids []string) string {
	if len(ids) > 3 {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:3], ", "), len(ids)-3)
	}
	return strings.Join(append(ids, "no problem")[:max(1, len(ids))], ", ")
}

// Raw is the first character that may not reach a terminal or a log, with what stands around it: control characters but
// the line's end, marks that turn text around, separators of lines, what is no UTF-8.
func Raw(text string) string {
	for i, r := range text {
		bad := r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 &&
			r <= 0x2069 ||
			r == 0x200e || r == 0x200f || r == 0x61c || r == 0x2028 || r == 0x2029
		if r == utf8.RuneError {
			_, size := utf8.DecodeRuneInString(text[i:])
			bad = size == 1
		}
		if bad {
			return text[max(0, i-12):min(len(text), i+12)]
		}
	}
	return ""
}

// Obeyed is the first line that GitHub Actions or Azure Pipelines takes for a command. They trim the space before it.
func Obeyed(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "::") || strings.HasPrefix(line, "##") {
			return line
		}
	}
	return ""
}
