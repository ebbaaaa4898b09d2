package ui

import (
	"fmt"
	"time"
)

// firstPulse is the time without output after which a running command gets a line. The next ones come when the silence
// is twice as long, but at least once in lastPulse.
const (
	firstPulse = 15 * time.Second
	lastPulse  = time.Minute
)

// pulse shows that a silent command still runs. Lines' mutex guards it.
type pulse struct {
	title string
	begin time.Time
	wait  time.Duration // until the next line
	timer *time.Timer
}

// Watch logs that the command runs whenever it is silent for long. title names the command. The caller must close w.
func (w *Lines) Watch(title string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pulse = &pulse{title: title, begin: time.Now(), wait: firstPulse}
	w.pulse.timer = time.AfterFunc(firstPulse, w.beat)
}

// beat logs how long the command has run, and waits for the next line.
func (w *Lines) beat() {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.pulse
	if p == nil {
		return // closed meanwhile
	}
	w.branch.Header("%s", fmt.Sprintf("%s: %d s so far", p.title, int(time.Since(p.begin).Seconds())))
	p.timer.Reset(p.wait)
	p.wait = min(2*p.wait, lastPulse)
}

// heard notes that the command has printed a line.
func (w *Lines) heard() {
	if p := w.pulse; p != nil {
		p.wait = firstPulse
		p.timer.Reset(firstPulse)
	}
}

// unwatch ends what Watch began.
func (w *Lines) unwatch() {
	if w.pulse != nil {
		w.pulse.timer.Stop()
		w.pulse = nil
	}
}
