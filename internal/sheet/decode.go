package sheet

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decode returns the content as UTF-8 without byte order mark, and the name of
// the encoding that it had.
func (b *builder) decode(data []byte) (text, encoding string, ok bool) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		encoding = "UTF-16"
		wide, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			b.problems.Add(0, "", "Het bestand is beschadigd: het begint als UTF-16 en gaat zo niet verder.")
			return "", "", false
		}
		data = wide
	}
	if pos := bytes.IndexByte(data, 0); pos >= 0 {
		b.problems.Add(lineAt(data, pos), "", "Dit is geen tekstbestand en geen Excel-werkmap. Lever een CSV- of XLSX-bestand aan.")
		return "", "", false
	}
	switch {
	case encoding != "":
	case utf8.Valid(data):
		encoding = "UTF-8"
		data = bytes.TrimPrefix(data, []byte("\ufeff"))
	default:
		if pos := stray(data); pos >= 0 {
			b.problems.Add(lineAt(data, pos), "", "Hier staat een teken dat niet te lezen is, terwijl de rest van het bestand UTF-8 is. Sla het bestand opnieuw op als UTF-8.")
			return "", "", false
		}
		encoding = "Windows-1252"
		data, _ = charmap.Windows1252.NewDecoder().Bytes(data) // it has a character for every byte, so it can't fail
	}
	return string(data), encoding, true
}

// stray returns the position of the first byte that is not UTF-8 in text that
// is otherwise UTF-8, or -1. In Windows-1252 two letters with an accent that
// happen to form a character of UTF-8 are rare; more of those than of others
// means that the text is UTF-8 with damage, and reading it as Windows-1252
// would spoil every accent without a word.
func stray(data []byte) int {
	first, bad, good := -1, 0, 0
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
			if first < 0 {
				first = i
			}
		case n > 1:
			good++
		}
		i += n
	}
	if good > bad {
		return first
	}
	return -1
}
