package instrument

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Problem is a fault in the text of an instrument, in Dutch, for the person
// who wrote it. Text may quote the file; it is plain text, not HTML.
type Problem struct {
	Line, Column int    // 1-based, columns in characters; 1, 1 for the file as a whole
	Text         string // what is wrong
	Remedy       string // what to do about it
	Warning      bool   // advice: the instrument can be used as it is
}

// String returns the problem on one line.
func (p Problem) String() string {
	sort := ""
	if p.Warning {
		sort = "let op: "
	}
	return strings.TrimSpace(fmt.Sprintf("regel %d, teken %d: %s%s %s", p.Line, p.Column, sort, p.Text, p.Remedy))
}

// maxProblems is how many problems of one file are told one by one.
const maxProblems = 200

// problems collects what is wrong, in any order. The zero value is ready.
type problems struct {
	list []Problem
	more int // not kept
}

func (p *problems) add(x Problem) {
	if len(p.list) >= maxProblems {
		p.more++
		return
	}
	p.list = append(p.list, x)
}

// at notes a problem at a place in the file.
func (p *problems) at(n *yaml.Node, text, remedy string) {
	p.add(Problem{Line: max(1, n.Line), Column: max(1, n.Column), Text: text, Remedy: remedy})
}

// warn notes advice at a place in the file.
func (p *problems) warn(n *yaml.Node, text, remedy string) {
	p.add(Problem{Line: max(1, n.Line), Column: max(1, n.Column), Text: text, Remedy: remedy, Warning: true})
}

// told reports whether something that must be mended was said of a place.
func (p *problems) told(n *yaml.Node) bool {
	return slices.ContainsFunc(p.list, func(x Problem) bool { return !x.Warning && x.Line == n.Line && x.Column == n.Column })
}

// sorted returns the problems in the order of the file, each once.
func (p *problems) sorted() []Problem {
	slices.SortStableFunc(p.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	list := slices.Compact(p.list)
	if p.more > 0 {
		last := list[len(list)-1]
		list = append(list, Problem{Line: last.Line, Column: last.Column, Text: fmt.Sprintf("Er zijn nog %d meldingen meer.", p.more),
			Remedy: "Herstel eerst wat hierboven staat."})
	}
	return list
}

// fatal reports whether one of the problems must be mended first.
func (p *problems) fatal() bool {
	return slices.ContainsFunc(p.list, func(x Problem) bool { return !x.Warning })
}
