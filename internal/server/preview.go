package server

import (
	"net/http"
	"net/url"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/web/page"
)

// previewPages binds a draft as others will see it.
func (s *Server) previewPages(r routes) {
	const one = page.WorkshopPath + "/{draft:[0-9]+}"
	r.show(one+"/voorbeeld", s.staff(may(account.SeeDrafts, s.showPreview)))
	r.show(one+"/voorbeeld/vragen", s.staff(may(account.SeeDrafts, s.playDraft)))
	r.post(one+"/voorbeeld/vragen", s.staff(may(account.SeeDrafts, s.playDraft)))
	r.show(one+"/papier", s.staff(may(account.SeeDrafts, s.showDraftOnPaper)))
	r.show(one+"/codeboek", s.staff(may(account.SeeDrafts, s.showDraftCodebook)))
}

// The outer page of the preview may show the inner one in frames, and the inner
// one may stand in frames of ours; both are else as strict as every page.
const (
	framingCSP = csp + "; frame-src 'self'"
	framedCSP  = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)

// showPreview shows the questionnaire on a phone and on a desktop.
func (s *Server) showPreview(w http.ResponseWriter, r *http.Request, a account.Account) error {
	d, _, err := s.readable(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", framingCSP)
	return s.render(w, r, http.StatusOK, page.DraftPreview{Staff: workshopFrame(a), WorkshopDraft: workshopDraft(d)}.View())
}

// Fields of the preview beside the answers. No variable has such a name.
const (
	playedPage   = "voorbeeld-pagina" // that was posted
	playedPrompt = "voorbeeld-vraag"  // the page whose open answers were already asked for
)

// A play is a questionnaire that is tried out. All answers are in the form that
// is posted; nothing is kept.
type play struct {
	form   *form.Form
	posted url.Values
	values answer.Values
	page   *instrument.Page // that was posted, nil at the start
}

// newPlay reads what a form of the preview holds.
func newPlay(in *instrument.Instrument, posted url.Values) play {
	p := play{form: form.New(in), posted: posted, values: answer.Values{}}
	p.page = p.form.Page(posted.Get(playedPage))
	for i := range p.form.Variables {
		v := &p.form.Variables[i]
		value := posted.Get(v.Name)
		if _, coded := v.Value(value); coded || v.Type == instrument.TextType || v.Type == instrument.NumberType {
			p.values.Set(v.Name, value)
		}
	}
	return p
}

// A shown is what the preview answers with: a page, or none at the end.
type shown struct {
	page              *instrument.Page
	problems, prompts []form.Problem
	repeats           int
}

// next decides what follows what was posted, as for a respondent.
func (p *play) next() shown {
	if p.page == nil {
		return shown{page: first(p.form.Visible(p.values)), repeats: 1}
	}
	action, extra := button(p.posted, "actie"), button(p.posted, "extra")
	post := p.form.Read(p.page, p.posted)
	form.Extra(p.page, &post, extra)
	before := p.values.Clone()
	for _, v := range p.page.Variables() {
		before.Set(v.Name, "")
	}
	p.values = overlay(p.values, post.Values)
	previous, following := p.form.Neighbours(p.page, p.values)
	switch {
	case extra == "voeg_toe":
		return shown{page: p.page, repeats: form.RepeatCount(p.page, p.values) + 1}
	case len(post.Problems) > 0 || extra != "":
		return shown{page: p.page, problems: post.Problems, repeats: 1}
	case action == "vorige" && previous != nil:
		return shown{page: previous, repeats: 1}
	case action == "vorige" || action == "later":
		return shown{page: first(p.form.Visible(p.values)), repeats: 1}
	}
	prompts := p.form.Prompts(p.page, before, preview(p.page, before, post.Values))
	if len(prompts) > 0 && p.posted.Get(playedPrompt) != p.page.ID {
		return shown{page: p.page, prompts: prompts, repeats: 1}
	}
	return shown{page: following, repeats: 1}
}

func first(pages []*instrument.Page) *instrument.Page {
	if len(pages) == 0 {
		return nil
	}
	return pages[0]
}

// kept are the fields that carry the rest of the answers to the next post.
func (p *play) kept(x shown) []page.Posted {
	out := []page.Posted{{Name: playedPage, Value: x.page.ID}}
	if len(x.prompts) > 0 {
		out = append(out, page.Posted{Name: playedPrompt, Value: x.page.ID})
	}
	own := map[string]bool{}
	for _, v := range x.page.Variables() {
		own[v.Name] = true
	}
	for _, v := range p.form.Variables {
		if value := p.values[v.Name]; value != "" && !own[v.Name] {
			out = append(out, page.Posted{Name: v.Name, Value: value})
		}
	}
	return out
}

// playDraft is one page of the preview, with the routing of the real thing.
func (s *Server) playDraft(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	_, in, err := s.readable(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", framedCSP)
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	frame := page.Frame{Study: in.Title, Unit: "Voorbeeld: er wordt niets bewaard"}
	p := newPlay(in, r.PostForm)
	x := p.next()
	if x.page == nil {
		return s.render(w, r, http.StatusOK, page.DraftPreviewEnd{Frame: frame, Parts: p.form.Review(p.values, nil)}.View())
	}
	status := http.StatusOK
	if len(x.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	before, _ := p.form.Neighbours(x.page, p.values)
	return s.render(w, r, status, page.Question{Frame: frame, Form: p.form.View(x.page, p.values, x.problems, x.prompts, x.repeats), First: before == nil, Kept: p.kept(x)}.View())
}

// showDraftOnPaper is the whole questionnaire, to read and print.
func (s *Server) showDraftOnPaper(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	_, in, err := s.readable(r)
	if err != nil {
		return err
	}
	p := blank(form.New(in))
	p.Frame = page.Frame{Study: in.Title, Unit: "Concept, om te lezen en te printen"}
	return s.render(w, r, http.StatusOK, p.View())
}

// showDraftCodebook is the codebook that a draft gives, without answers.
func (s *Server) showDraftCodebook(w http.ResponseWriter, r *http.Request, a account.Account) error {
	d, in, err := s.readable(r)
	if err != nil {
		return err
	}
	empty, err := dataset.NewBuilder(dataset.Info{Title: in.Title, Instrument: in.Name, Edition: in.Edition, Taken: s.Now()}, form.New(in), nil, nil).Build()
	if err != nil {
		return err
	}
	p := page.NewCodebook(empty, export.Entries(empty, in, export.Options{}))
	p.Staff = workshopFrame(a)
	p.Facts = workshopDraft(d).Standing() + ". Er zijn nog geen antwoorden, dus staat overal 0"
	return s.render(w, r, http.StatusOK, p.View())
}
