package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// analysisPages binds what is computed of the answers: scales, expectations, tables
// by pointing, and the way from a sentence to who is behind it.
func (s *Server) analysisPages(r routes) {
	see := func(h func(http.ResponseWriter, *http.Request, account.Account) error) handler {
		return s.staff(may(account.SeeTables, h))
	}
	const base, audience, file = "/beheer/{study}", "/{audience:[a-z0-9_-]+}", "/{audience:[a-z0-9_-]+\\.[a-z]+}"
	r.show(base+page.AnalysisPath, see(s.showAnalysis))
	r.show(base+page.ScalesPath, see(s.showScales))
	r.show(base+page.ScalesPath+audience, see(s.showScales))
	r.show(base+page.ScalesPath+file, see(s.downloadScales))
	r.show(base+page.HypothesesPath, see(s.showHypotheses))
	r.show(base+page.HypothesesPath+audience, see(s.showHypotheses))
	r.show(base+page.HypothesesPath+file, see(s.downloadHypotheses))
	r.show(base+page.CrossPath, see(s.showCross))
	r.show(base+page.CrossPath+audience, see(s.showCross))
	r.show(base+page.CrossPath+file, see(s.downloadCross))
	r.show(base+page.CrossPath+audience+"/figuur.{ext}", see(s.downloadCrossFigure))
	r.show(base+page.RowsPath+audience, s.staff(may(account.SeeData, s.showRows)))
	r.show(base+page.RepeatPath, see(s.downloadRepeat))
	r.show(base+page.ChangesPath+audience, see(s.showChanges))
	r.post(base+page.ScalesPath+"/instelling", s.staff(may(account.PreRegister, s.setValidShare)))
	s.expectationPages(r)
	r.show(base+"/schalen*", see(moved("/schalen", page.ScalesPath))) // where they were before
}

// moved leads from an old address to what took its place.
func moved(from, to string) func(http.ResponseWriter, *http.Request, account.Account) error {
	return func(w http.ResponseWriter, r *http.Request, _ account.Account) error {
		u := *r.URL
		u.Path = strings.Replace(u.Path, from, to, 1)
		http.Redirect(w, r, u.RequestURI(), http.StatusMovedPermanently)
		return nil
	}
}

// An analysed is a study with the answers of its audiences and what was expected of
// them.
type analysed struct {
	study    study.Study
	inputs   []hypothesis.Input
	register *hypothesis.Register // nil where nothing is expected
	options  hypothesis.Options
}

// names are the audiences, in order.
func (a *analysed) names() []string {
	var out []string
	for _, in := range a.inputs {
		out = append(out, in.In.Name)
	}
	return out
}

// derived are the variables that the expectations of the study derive.
func (a *analysed) derived() []hypothesis.Derived {
	if a.register == nil {
		return nil
	}
	return a.register.Derived
}

// analysed reads the study of a request: the audiences that only names, "" for all.
func (s *Server) analysed(r *http.Request, only string) (analysed, error) {
	var a analysed
	var err error
	if a.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return a, err
	}
	audiences, err := s.store.Audiences(r.Context(), a.study.ID)
	if err != nil {
		return a, err
	}
	var all []string
	for _, x := range audiences {
		all = append(all, x.Name)
		if only != "" && only != x.Name {
			continue
		}
		in, d, err := s.dataset(r.Context(), a.study, x.Name, r.URL.Query().Get(snapshotField))
		if err != nil {
			return a, err
		}
		a.inputs = append(a.inputs, hypothesis.Input{In: in, Data: d})
	}
	if only != "" && len(a.inputs) == 0 {
		return a, errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	a.options.Valid = a.study.Settings.ValidShare
	if x, err := strconv.ParseFloat(r.URL.Query().Get(validField), 64); err == nil && x > 0 && x <= 100 {
		a.options.Valid = x / 100
	}
	a.register, err = s.register(r.Context(), a.study, all)
	return a, err
}

// validField is the share of statements that a score needs, in percent.
const validField = "geldig"

// register is what is expected in a study: what comes with the product for its
// audiences, and what was added to it.
func (s *Server) register(ctx context.Context, st study.Study, audiences []string) (*hypothesis.Register, error) {
	added, err := s.store.Registers(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	return hypothesis.InForce(audiences, added, st.Opens, st.Closes)
}

// outcomes tests what is expected, or finds what was tested before; none where
// nothing is expected.
func (s *Server) outcomes(a *analysed) ([]hypothesis.Outcome, error) {
	if a.register == nil {
		return nil, nil
	}
	return s.tests.run(a)
}

// A keptTests is what came of tests: they take seconds, and are a function of the data, the
// questionnaires, the register and the options.
type keptTests struct {
	mu  sync.Mutex
	all []tested // the last ones
}

type tested struct {
	key      string
	outcomes []hypothesis.Outcome
}

// keepTests is how many outcomes are kept: one of a study takes some 100 kB.
const keepTests = 16

func (k *keptTests) run(a *analysed) ([]hypothesis.Outcome, error) {
	about := []any{a.register, a.options}
	for _, in := range a.inputs {
		m, err := in.Data.Write(io.Discard, "")
		if err != nil {
			return nil, err
		}
		about = append(about, in.In.Name, in.Data.Hash, m.SHA256, m.Filters)
	}
	key, err := json.Marshal(about)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, x := range k.all {
		if x.key == string(key) {
			return slices.Clone(x.outcomes), nil
		}
	}
	outcomes, err := a.register.Run(a.options, a.inputs...)
	if err != nil {
		return nil, err
	}
	k.all = append(k.all, tested{string(key), outcomes})
	k.all = k.all[max(0, len(k.all)-keepTests):]
	return slices.Clone(outcomes), nil
}

// showAnalysis leads to everything that is computed of the answers.
func (s *Server) showAnalysis(w http.ResponseWriter, r *http.Request, acc account.Account) error {
	a, err := s.analysed(r, "")
	if err != nil {
		return err
	}
	outcomes, err := s.outcomes(&a)
	if err != nil {
		return err
	}
	p := page.Analysis{Staff: s.staffFrame(acc, a.study, "analyse")}
	for _, in := range a.inputs {
		x, doubts, err := a.summary(p.Base, in)
		if err != nil {
			return err
		}
		p.Audiences, p.Doubts = append(p.Audiences, x), append(p.Doubts, doubts...)
	}
	if a.register != nil {
		p.Expectations = expectationLines(p.Base, a.register, outcomes)
	}
	for _, o := range outcomes {
		p.Verdicts = countVerdict(p.Verdicts, string(o.Verdict))
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func countVerdict(all []page.VerdictCount, verdict string) []page.VerdictCount {
	i := slices.IndexFunc(all, func(v page.VerdictCount) bool { return v.Verdict == verdict })
	if i < 0 {
		return append(all, page.VerdictCount{Verdict: verdict, N: 1})
	}
	all[i].N++
	return all
}

// summary is what the page tells of one audience, and what is doubtful about what
// was published of it.
func (a *analysed) summary(base string, in hypothesis.Input) (page.AnalysisAudience, []string, error) {
	name := in.In.Name
	x := page.AnalysisAudience{Name: name, Tables: base + page.BookPath + "/" + name, Scales: base + page.ScalesPath + "/" + name, Hypotheses: base + page.HypothesesPath + "/" + name,
		Cross: base + page.CrossPath + "/" + name, Changes: base + page.ChangesPath + "/" + name, Units: in.Data.Len(), Questionnaires: in.Data.Questionnaires()}
	scales, err := scale.All(in.In, in.Data, scale.Options{Valid: a.options.Valid})
	if err != nil {
		return x, nil, err
	}
	published := report.PublishedScales(name)
	var doubts []string
	for i := range scales {
		sc := &scales[i]
		x.ScaleLines = append(x.ScaleLines, page.AnalysisScale{Title: sc.Title, Path: x.Scales + "#schaal-" + sc.ID, N: sc.N, Mean: report.Decimal(sc.Mean, 2), Alpha: report.Decimal(sc.Alpha.Alpha, 2)})
		for _, b := range published[sc.ID] {
			for _, d := range b.Suspicions {
				doubts = append(doubts, name+", "+b.Label+": "+d.Text)
			}
		}
	}
	return x, doubts, nil
}

// expectationLines are the expectations with what came of each in each audience.
func expectationLines(base string, r *hypothesis.Register, outcomes []hypothesis.Outcome) []page.AnalysisExpectation {
	var out []page.AnalysisExpectation
	for i := range r.Hypotheses {
		h := &r.Hypotheses[i]
		x := page.AnalysisExpectation{ID: h.ID, Text: h.Expectation, Added: report.AddedText(h.Added)}
		for j := range outcomes {
			if o := &outcomes[j]; o.Hypothesis.ID == h.ID {
				x.Outcomes = append(x.Outcomes, page.AnalysisOutcome{Audience: o.Instrument, Verdict: string(o.Verdict), Sentence: o.Sentence, Path: base + page.HypothesesPath + "/" + o.Instrument + "#" + report.OutcomeID(o)})
			}
		}
		if len(x.Outcomes) > 0 {
			out = append(out, x)
		}
	}
	return out
}

// downloadRepeat gives the program in R that repeats the numbers of a study.
func (s *Server) downloadRepeat(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	a, err := s.analysed(r, "")
	if err != nil {
		return err
	}
	program, err := s.program(&a)
	if err != nil {
		return err
	}
	return sendFile(w, "narekenen.R", "text/plain; charset=utf-8", []byte(program))
}

func (s *Server) program(a *analysed) (string, error) {
	outcomes, err := s.outcomes(a)
	if err != nil {
		return "", err
	}
	var all []hypothesis.Repeated
	for _, in := range a.inputs {
		scales, err := scale.All(in.In, in.Data, scale.Options{Valid: a.options.Valid})
		if err != nil {
			return "", err
		}
		all = append(all, hypothesis.Repeated{Input: in, Scales: scales})
	}
	register := a.register
	if register == nil {
		register = &hypothesis.Register{}
	}
	return register.Program(a.study.Title, a.options, outcomes, all...)
}

// testPath is the cross table that shows what a test is about; "" where there is
// none. d is extended.
func testPath(base string, d *dataset.Dataset, h *hypothesis.Hypothesis, x *hypothesis.Result) string {
	if d.Column(x.Dependent) == nil {
		return ""
	}
	q := url.Values{rowField: {x.Dependent}, "basis": {"zonder"}, "gedekt": {"zonder"}, "verwachting": {h.ID}}
	if by := d.Column(x.By); by != nil {
		q.Set(columnField, x.By)
		if !report.Groups(by) {
			q.Del(columnField)
			if d.Column(x.By+hypothesis.ClassSuffix) != nil {
				q.Set(columnField, x.By+hypothesis.ClassSuffix)
			}
		}
	}
	switch x.Kind {
	case hypothesis.Rank, hypothesis.Welch, hypothesis.Spearman, hypothesis.Pearson:
		q.Set("maat", "gemiddelde")
	}
	if x.Where != "" {
		q.Set(whereField, x.Where)
	}
	return base + page.CrossPath + "/" + x.Instrument + "?" + q.Encode()
}

// hypothesesPaper is what came of the expectations in one audience.
func (s *Server) hypothesesPaper(a *analysed, audience string) (export.Paper, []hypothesis.Outcome, error) {
	at := slices.Index(a.names(), audience)
	if a.register == nil || at < 0 {
		return export.Paper{}, nil, errs.Errorf(errs.NotFound, "Voor deze vragenlijst zijn er geen verwachtingen om te toetsen.")
	}
	outcomes, err := s.outcomes(a)
	if err != nil {
		return export.Paper{}, nil, err
	}
	figures, err := a.register.Tables(a.options, a.inputs[at])
	if err != nil {
		return export.Paper{}, nil, err
	}
	outcomes = slices.DeleteFunc(outcomes, func(o hypothesis.Outcome) bool { return o.Instrument != audience })
	return export.HypothesesPaper(a.study.Title, a.register, outcomes, figures), outcomes, nil
}
