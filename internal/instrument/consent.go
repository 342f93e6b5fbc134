package instrument

import "regexp"

// approach finds the question whether somebody may be approached again.
var approach = regexp.MustCompile(`(?i)\bmogen wij u\b.*\b(benaderen|bellen|mailen)\b`)

// AsksConsent reports whether a yes to the question is consent to be approached
// again (standards V2). It goes by the words: the questionnaires that were
// published have no other mark, and are frozen.
func (q *Question) AsksConsent() bool { return q.Kind == YesNo && approach.MatchString(q.Text) }
