package installed

// Condition is something that is known only after the installation. Its value is the text that explain shows.
type Condition string

// The conditions of steps, processes and notes.
const (
	IfDjango       Condition = "Django is installed"
	IfBabel        Condition = "Django or Babel is installed"
	IfStaticfiles  Condition = "Django is installed and django.contrib.staticfiles is in INSTALLED_APPS"
	IfBundledUnfit Condition = "the one that Node.js brings does not fit"
	IfNoPip        Condition = "the Python packages have no pip"
	IfNLTK         Condition = "NLTK is installed"
	IfRefused      Condition = "apt cannot install the listed packages"
)

// IsMet reports whether a condition is met by f. A condition that is not known yet may be met, and an empty one is met.
func (c Condition) IsMet(f Found) bool {
	switch c {
	case IfDjango:
		return f.Has("django")
	case IfNLTK:
		return f.Has("nltk")
	case IfBabel:
		return f.Has("django") || f.Has("babel")
	case IfStaticfiles:
		return f.Has("django") && (f.Settings == nil || f.Settings.Staticfiles)
	case IfBundledUnfit, IfNoPip, IfRefused: // not known before the step
	}
	return true
}

// Late returns the conditions that are known only when the steps before have run.
func Late() []Condition { return []Condition{IfBundledUnfit, IfNoPip, IfRefused} }
