package instrument

import (
	"slices"

	"github.com/uitvraag/uitvraag/internal/logic"
)

// A route is what the checker knows of one question while it goes along.
type route struct {
	question *Question
	place    place
	shown    logic.Expr // its condition, resolved
}

// conditions gives the words of every condition their codes, and finds the
// questions that nobody can ever reach.
func (c *checker) conditions() {
	domains := c.in.domains()
	owner := map[string]int{} // variable name to index in routes
	var routes []route
	for s := range c.in.Sections {
		for q := range c.in.Sections[s].Questions {
			x := &c.in.Sections[s].Questions[q]
			for _, v := range x.Variables() {
				owner[v.Name] = len(routes)
			}
			routes = append(routes, route{question: x, place: place{"sections", s, "questions", q}})
		}
	}
	for n := range routes {
		c.explains(routes, n)
		r := &routes[n]
		if r.question.ShowIf.IsZero() {
			continue
		}
		resolved, faults := r.question.ShowIf.Resolve(domains)
		for _, f := range faults {
			c.condFault(c.node(r.place.to("show_if")), f)
		}
		if len(faults) > 0 || !c.backward(routes, owner, n) {
			r.question.ShowIf = logic.Expr{}
			continue
		}
		r.question.ShowIf, r.shown = resolved, resolved
		c.reachable(routes, owner, n, domains)
	}
}

// explains checks that an explanation comes after what it explains.
func (c *checker) explains(routes []route, n int) {
	id := routes[n].question.Explains
	if id == "" {
		return
	}
	at := slices.IndexFunc(routes, func(r route) bool { return r.question.ID == id })
	switch p := routes[n].place.to("explains"); {
	case at < 0:
		c.fault(p, "De vraag “"+id+"” bestaat niet.", "Noem de id van een eerdere vraag.")
	case at >= n:
		c.fault(p, "De vraag “"+id+"” komt niet vóór de vraag die haar toelicht.", "Noem de id van een eerdere vraag.")
	}
}

// backward checks that the condition of question n looks back only, at
// questions that are shown.
func (c *checker) backward(routes []route, owner map[string]int, n int) bool {
	ok := true
	e := routes[n].question.ShowIf
	for _, name := range e.Variables() {
		before := routes[owner[name]].question
		f := &logic.Error{Offset: e.Offset(name)}
		switch {
		case owner[name] >= n:
			f.Text = "“" + name + "” wordt pas gevraagd na of in deze vraag."
			f.Remedy = "Laat de voorwaarde gaan over een eerdere vraag, of verplaats de vraag."
		case before.Unprinted:
			f.Text = "“" + name + "” hoort bij een vraag die nooit wordt getoond."
			f.Remedy = "Geef die vraag een tekst en haal “unprinted” weg, of verander de voorwaarde."
		default:
			if routes[n].question.Kernvraag && !before.Kernvraag {
				c.advise(routes[n].place.to("kernvraag"), "Deze kernvraag hangt af van “"+before.ID+"”, die geen kernvraag is.", "Maak ook die vraag een kernvraag.")
			}
			continue
		}
		ok = false
		c.condFault(c.node(routes[n].place.to("show_if")), f)
	}
	return ok
}

// reachable tries all answers to the questions that decide whether question n
// is shown. A question that is hidden itself has no answers.
func (c *checker) reachable(routes []route, owner map[string]int, n int, domains logic.Domains) {
	world := []logic.Expr{}
	todo := routes[n].shown.Variables()
	for i := 0; i < len(todo); i++ {
		r := routes[owner[todo[i]]]
		world = append(world, r.holds(todo[i], todo)...)
		if r.shown.IsZero() {
			continue
		}
		world = append(world, logic.Or(r.shown, logic.Not(logic.Answered(todo[i]))))
		for _, name := range r.shown.Variables() {
			if !slices.Contains(todo, name) {
				todo = append(todo, name)
			}
		}
	}
	p := routes[n].place.to("show_if")
	if ok, decided := logic.Satisfiable(logic.And(append(world, routes[n].shown)...), domains); decided && !ok {
		c.fault(p, "Deze voorwaarde is nooit waar: niemand krijgt de vraag te zien.", "Verander de voorwaarde, of die van de vragen waar zij van afhangt.")
		return
	}
	if ok, decided := logic.Satisfiable(logic.And(append(world, logic.Not(routes[n].shown))...), domains); decided && !ok {
		c.advise(p, "Deze voorwaarde is altijd waar: iedereen krijgt de vraag te zien.", "Haal de voorwaarde weg, of verander haar.")
	}
}

// holds returns what is always so between name and the other variables of the
// same multiple choice: an exclusive answer excludes the others.
func (r route) holds(name string, others []string) []logic.Expr {
	if r.question.Kind != Multi && r.question.Kind != MatrixMulti {
		return nil
	}
	vs := r.question.Variables()
	at := slices.IndexFunc(vs, func(v Variable) bool { return v.Name == name })
	if !r.question.exclusive(vs[at].Column) || vs[at].Type != FlagType {
		return nil
	}
	var out []logic.Expr
	for _, v := range vs {
		if v.Name != name && v.Row == vs[at].Row && v.Type == FlagType && slices.Contains(others, v.Name) {
			out = append(out, logic.Not(logic.And(logic.Is(name, 1), logic.Is(v.Name, 1))))
		}
	}
	return out
}

func (q *Question) exclusive(option string) bool {
	return slices.ContainsFunc(q.Options, func(o Option) bool { return o.ID == option && o.Exclusive })
}
