package export

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// Limits of the format, in bytes (PSPP's description of system files).
const (
	savLabel      = 255   // of a variable
	savValueLabel = 120   // of a value
	savText       = 32767 // of a text
	savShort      = 255   // a longer text takes several variables
	savSegment    = 252   // what counts to the number of those; each holds 255
)

// SAV writes an SPSS system file: UTF-8, labels, user-missing values, levels of
// measurement, multiple response sets, compressed by bytes. It returns warnings:
// texts that were cut because the format ends at 32,767 bytes. The columns are
// those of d, without what tells which unit it is where o.Pseudonym.
//
// The format is that of "System File Format" in the manual of PSPP; there is no
// other public description.
func SAV(w io.Writer, d *dataset.Dataset, o Options) (warnings []string, err error) {
	d, columns := fileData(d, o)
	out := &savWriter{w: bufio.NewWriterSize(w, 1<<16), data: d}
	for i, c := range columns {
		out.add(c, i)
	}
	out.header()
	for i := range out.vars {
		out.variable(&out.vars[i])
	}
	out.valueLabels()
	out.extensions()
	out.ints(999, 0)
	out.cases()
	if out.err == nil {
		out.err = out.w.Flush()
	}
	return cutWarnings(out.vars), out.err
}

// A savVariable is a column as the file has it. Its long texts are cut in
// segments, each a variable of its own to the format.
type savVariable struct {
	*dataset.Column
	short string // name of eight characters
	width int    // 0 of a number, else the bytes of the longest text
	index int    // place in the dictionary, from 1, counted in units of eight bytes
	cut   int    // texts that were too long
	lines bool   // some text is not written as it is
}

// measure finds the width of a text, as it is or as Rows writes it.
func (v *savVariable) measure(d *dataset.Dataset, written func(string) string) {
	if v.Type != instrument.TextType {
		return
	}
	v.width = 1
	for at := range d.Cases() {
		text := v.Text(at)
		as := written(text)
		n := len(as)
		if n > savText {
			n = savText
			v.cut++
		}
		v.width = max(v.width, n)
		v.lines = v.lines || as != text
	}
}

// segments are the widths of the variables that hold a text.
func (v *savVariable) segments() []int {
	if v.width <= savShort {
		return []int{v.width}
	}
	n := (v.width + savSegment - 1) / savSegment
	widths := make([]int, n)
	for i := range widths {
		widths[i] = savShort
	}
	widths[n-1] = v.width - (n-1)*savSegment
	return widths
}

// eights is how many units of eight bytes a text of so many takes.
func eights(width int) int { return max(1, (width+7)/8) }

type savWriter struct {
	w    *bufio.Writer
	err  error
	data *dataset.Dataset
	vars []savVariable
	next int // index of the next variable

	codes  [8]byte // of the block that is being written
	filled int
	block  []byte // what the codes stand for
}

func (s *savWriter) add(c *dataset.Column, i int) {
	v := savVariable{Column: c, short: fmt.Sprintf("V%07d", i+1), index: s.next + 1}
	if c.Type != instrument.TextType {
		s.next++
		s.vars = append(s.vars, v)
		return
	}
	v.measure(s.data, func(s string) string { return s })
	for _, width := range v.segments() {
		s.next += eights(width)
	}
	s.vars = append(s.vars, v)
}

// cutWarnings tell which texts were too long for SPSS.
func cutWarnings(vars []savVariable) []string {
	var out []string
	for _, v := range vars {
		if v.cut > 0 {
			out = append(out, fmt.Sprintf("%s: %d teksten zijn voor SPSS afgekapt; daar past hooguit %d bytes.", v.Name, v.cut, savText))
		}
	}
	return out
}

func (s *savWriter) bytes(b []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
	}
}

func (s *savWriter) ints(values ...int) {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, uint32(int32(v)))
	}
	s.bytes(b)
}

func (s *savWriter) floats(values ...float64) {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	s.bytes(b)
}

// text writes a text of exactly so many bytes, padded with spaces.
func (s *savWriter) text(value string, width int) {
	value = cut(value, width)
	s.bytes([]byte(value + strings.Repeat(" ", width-len(value))))
}

// cut shortens a text to so many bytes, between characters.
func cut(value string, width int) string {
	if len(value) <= width {
		return value
	}
	for width > 0 && !utf8.RuneStart(value[width]) {
		width--
	}
	return value[:width]
}

const savCompressed = 1

func (s *savWriter) header() {
	made := s.data.Taken.UTC()
	s.text("$FL2", 4)
	s.text("@(#) SPSS DATA FILE Uitvraag", 60)
	s.ints(2, s.next, savCompressed, 0, s.data.Len())
	s.floats(savBias)
	s.text(made.Format("02 Jan 06"), 9)
	s.text(made.Format(time.TimeOnly), 8)
	s.text(s.data.Title+" – "+s.data.Instrument+" "+s.data.Edition, 64)
	s.bytes(make([]byte, 3))
}

// variable writes the records of a variable, one for each eight bytes.
func (s *savWriter) variable(v *savVariable) {
	for i, width := range v.segments() {
		missing := v.missing()
		label := cut(v.Label, savLabel)
		if i > 0 {
			missing, label = nil, ""
		}
		name := v.short
		if i > 0 {
			name = fmt.Sprintf("S%05X%02X", v.index, i) // only has to be unlike the others
		}
		hasLabel := 0
		if label != "" {
			hasLabel = 1
		}
		format := v.format(width)
		s.ints(2, width, hasLabel, len(missing), format, format)
		s.text(name, 8)
		if label != "" {
			s.ints(len(label))
			s.text(label, (len(label)+3)/4*4)
		}
		s.floats(missing...)
		for range eights(width) - 1 {
			s.ints(2, -1, 0, 0, 0, 0)
			s.text("", 8)
		}
	}
}

// missing are the user-missing codes of a variable; the format knows three.
func (v *savVariable) missing() []float64 {
	var out []float64
	if v.Type == instrument.TextType {
		return nil
	}
	for _, value := range v.Values {
		if value.Missing && len(out) < 3 {
			out = append(out, float64(value.Code))
		}
	}
	return out
}

// The formats of SPSS that are used here: kind, width and decimals.
const (
	savA        = 1
	savF        = 5
	savDatetime = 22
)

func (v *savVariable) format(width int) int {
	kind, wide, decimals := savF, 8, v.decimals()
	switch v.Type {
	case instrument.TextType:
		kind, wide = savA, width
	case dataset.TimeType:
		kind, wide = savDatetime, 20
	}
	return kind<<16 | wide<<8 | decimals
}

// decimals are how many SPSS shows: answers are whole.
func (v *savVariable) decimals() int {
	if v.Type == instrument.NumberType && (v.Role == dataset.Computed || v.Role == dataset.Background || v.Role == dataset.Derived) {
		return 2
	}
	return 0
}

func (s *savWriter) valueLabels() {
	for _, v := range s.vars {
		if v.Type == instrument.TextType || len(v.Values) == 0 {
			continue
		}
		s.ints(3, len(v.Values))
		for _, value := range v.Values {
			label := cut(value.Label, savValueLabel)
			s.floats(float64(value.Code))
			s.bytes([]byte{byte(len(label))})
			s.text(label, (len(label)+8)/8*8-1)
		}
		s.ints(4, 1, v.index)
	}
}

// extension writes a record that readers may skip.
func (s *savWriter) extension(subtype, size int, data []byte) {
	s.ints(7, subtype, size, len(data)/size)
	s.bytes(data)
}

func (s *savWriter) extensions() {
	le := binary.LittleEndian
	var b []byte
	for _, v := range []int32{1, 0, 0, -1, 1, savCompressed, 2, 65001} { // version, machine, IEEE, compression, little-endian, UTF-8
		b = le.AppendUint32(b, uint32(v))
	}
	s.extension(3, 4, b)
	b = nil
	for _, v := range []float64{savMissing, math.MaxFloat64, math.Nextafter(savMissing, 0)} {
		b = le.AppendUint64(b, math.Float64bits(v))
	}
	s.extension(4, 8, b)
	if sets := s.sets(); sets != "" {
		s.extension(7, 1, []byte(sets))
	}
	b = nil
	var names, long strings.Builder
	for i, v := range s.vars {
		measure := map[dataset.Measure]uint32{dataset.Nominal: 1, dataset.Ordinal: 2, dataset.Interval: 3}[v.Measure]
		for range v.segments() {
			for _, n := range []uint32{measure, uint32(min(40, max(8, v.width))), 0} {
				b = le.AppendUint32(b, n)
			}
		}
		if i > 0 {
			names.WriteByte('\t')
		}
		names.WriteString(v.short + "=" + v.Name)
		if v.width > savShort {
			fmt.Fprintf(&long, "%s=%05d\x00\t", v.short, v.width)
		}
	}
	s.extension(11, 4, b)
	s.extension(13, 1, []byte(names.String()))
	if long.Len() > 0 {
		s.extension(14, 1, []byte(long.String()))
	}
	s.extension(16, 8, le.AppendUint64(le.AppendUint64(nil, 1), uint64(s.data.Len())))
	s.extension(20, 1, []byte("UTF-8"))
}

// sets are the multiple choices, counted where a box is 1.
func (s *savWriter) sets() string {
	short := map[*dataset.Column]string{}
	for _, v := range s.vars {
		short[v.Column] = strings.ToLower(v.short)
	}
	var b strings.Builder
	for _, set := range s.data.Sets() {
		label := cut(setLabel(set), savLabel)
		fmt.Fprintf(&b, "$%s=D1 1 %d %s", set.Name, len(label), label)
		for _, flag := range set.Flags {
			if name := short[flag]; name != "" && flag.Stands == instrument.Substantive {
				b.WriteString(" " + name)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// setLabel is what the labels of the boxes of a multiple choice have in common.
func setLabel(set dataset.Set) string {
	if len(set.Flags) == 0 {
		return set.Name
	}
	common := set.Flags[0].Label
	for _, f := range set.Flags[1:] {
		for !strings.HasPrefix(f.Label, common) {
			_, size := utf8.DecodeLastRuneInString(common)
			common = common[:len(common)-size]
		}
	}
	if common = strings.TrimRight(common, " :;,–-("); common != "" {
		return common
	}
	return set.Name
}

// Codes of the compression: a small number plus the bias, or one of these.
const (
	savBias    = 100
	savEnd     = 252
	savRaw     = 253
	savSpaces  = 254
	savSysmis  = 255
	savMissing = -math.MaxFloat64
)

// savEpoch is 14 October 1582 in seconds before 1970.
const savEpoch = 12_219_379_200

func (s *savWriter) cases() {
	for at := range s.data.Cases() {
		for i := range s.vars {
			v := &s.vars[i]
			if v.Type == instrument.TextType {
				s.string(v, v.Text(at))
			} else {
				s.number(v.number(at))
			}
		}
	}
	s.code(savEnd)
	s.flush()
}

// number returns a cell as the file has it: a user-missing one is its code.
func (v *savVariable) number(at dataset.Case) float64 {
	if value, ok := v.Value(v.Cell(at)); ok {
		return float64(value.Code)
	}
	n := v.Number(at)
	if v.Type == dataset.TimeType {
		n = math.Floor(n) + savEpoch
	}
	return n
}

func (s *savWriter) number(n float64) {
	switch {
	case math.IsNaN(n):
		s.code(savSysmis)
	case n == math.Trunc(n) && n >= 1-savBias && n <= savEnd-1-savBias:
		s.code(byte(n + savBias))
	default:
		s.raw(binary.LittleEndian.AppendUint64(nil, math.Float64bits(n)))
	}
}

// string writes a text in its segments, each padded to a multiple of eight.
func (s *savWriter) string(v *savVariable, value string) {
	value = cut(value, v.width)
	for _, width := range v.segments() {
		part := value
		if v.width > savShort {
			part = value[:min(len(value), savShort)]
		}
		value = value[len(part):]
		for range eights(width) {
			eight := []byte("        ")
			n := copy(eight, part)
			part = part[n:]
			if n == 0 {
				s.code(savSpaces)
			} else {
				s.raw(eight)
			}
		}
	}
}

// code adds one code to the block; eight make one.
func (s *savWriter) code(c byte) {
	s.codes[s.filled] = c
	if s.filled++; s.filled == len(s.codes) {
		s.flush()
	}
}

func (s *savWriter) raw(eight []byte) {
	s.block = append(s.block, eight...)
	s.code(savRaw)
}

func (s *savWriter) flush() {
	if s.filled == 0 {
		return
	}
	s.bytes(s.codes[:])
	s.bytes(s.block)
	s.codes, s.filled, s.block = [8]byte{}, 0, s.block[:0]
}
