package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/api"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// tokenLimit bounds wrong tokens per origin; right ones are never counted.
var tokenLimit = store.Limit{Kind: "api", Max: 20, Window: 10 * time.Minute}

// A machineRequest is what a program asks, once it is known who asks.
type machineRequest struct {
	*http.Request
	api.Query
	study study.Study
	token account.Token
}

// A machineAnswer is what a program gets: body as JSON, or a file. same is what
// tells whether it changed, where that is not all of body: a moment of making is no
// change.
type machineAnswer struct {
	body, same any
	csv        []byte
	name       string // of the file
}

// machinePages binds what programs may ask: every endpoint of package api, and no
// other. The wall between programs and people is here: a session opens none of
// these, and a token nothing else.
func (s *Server) machinePages(r routes) {
	answers := map[string]func(machineRequest) (machineAnswer, error){
		"study": s.apiStudy, "response": s.apiResponse, "days": s.apiDays, "account": s.apiAccount, "codebook": s.apiCodebook,
		"tables": s.apiTables, "analysis": s.apiAnalysis, "data": s.apiData, "dataCSV": s.apiDataCSV,
	}
	for _, e := range api.Endpoints {
		if e.Open {
			r.show(api.Base+e.Path, s.showDocument(e))
			continue
		}
		answer := answers[e.ID]
		r.show(api.Base+e.Path, func(w http.ResponseWriter, r *http.Request) error {
			q, err := s.machine(r, e)
			if err != nil {
				return err
			}
			a, err := answer(q)
			if err != nil {
				return err
			}
			return answerMachine(w, r, a)
		})
	}
}

// showDocument describes the API.
func (s *Server) showDocument(e api.Endpoint) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := e.Read(r.URL.Query()); err != nil {
			return err
		}
		return answerMachine(w, r, machineAnswer{body: api.Document(s.link(""), s.Software)})
	}
}

// machine finds out who asks for what, and writes down that it is given. Of a study
// that the token is not for, it says what it says of one that is not there.
func (s *Server) machine(r *http.Request, e api.Endpoint) (machineRequest, error) {
	q := machineRequest{Request: r}
	var err error
	if q.token, err = s.bearer(r); err != nil {
		return q, err
	}
	if why := q.token.Standing(s.Now()); why != "" {
		return q, errs.Errorf(errs.Unknown, "Deze sleutel werkt niet meer: %s. Vraag een nieuwe aan.", strings.ToLower(why))
	}
	q.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if errs.KindOf(err) == errs.NotFound || err == nil && q.study.ID != q.token.Study {
		return q, errs.Errorf(errs.NotFound, "Dit onderzoek is er niet voor deze sleutel.")
	}
	if err != nil {
		return q, err
	}
	if e.Scope != "" && !q.token.May(e.Scope) {
		return q, errs.Errorf(errs.Forbidden, "Deze sleutel mag dit niet lezen. Hij heeft bereik %q nodig.", e.Scope)
	}
	if q.Query, err = e.Read(r.URL.Query()); err != nil {
		return q, err
	}
	what := e.ID
	if instrument := chi.URLParam(r, "instrument"); instrument != "" {
		what += " " + instrument
		if _, err := s.store.Audience(r.Context(), q.study.ID, instrument); err != nil {
			return q, err
		}
	}
	return q, s.store.UseToken(r.Context(), q.token, what, s.Now())
}

var bearerToken = regexp.MustCompile(`^uvt_[A-Za-z0-9_-]{44}$`)

// bearer returns the token of a request. Wrong ones are counted.
func (s *Server) bearer(r *http.Request) (account.Token, error) {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if secret == "" {
		return account.Token{}, errs.Errorf(errs.Unknown, "Stuur een sleutel mee in de kopregel Authorization: Bearer.")
	}
	var t account.Token
	err := errs.Errorf(errs.NotFound, "no token")
	if secret = strings.TrimSpace(secret); strings.EqualFold(scheme, "Bearer") && bearerToken.MatchString(secret) {
		t, err = s.store.Token(r.Context(), secret)
	}
	if errs.KindOf(err) != errs.NotFound {
		return t, err
	}
	err = s.countFailure(r, tokenLimit, errs.Errorf(errs.Unknown, "Deze sleutel klopt niet. Kijk of hij helemaal is overgenomen."))
	if errs.KindOf(err) == errs.TooMany {
		err = errs.Errorf(errs.TooMany, "Er waren te veel verkeerde sleutels vanaf uw netwerk. Wacht tien minuten. Een goede sleutel blijft werken.")
	}
	return t, err
}

// answerMachine sends an answer, or says that it is still the one that the program
// has. The tag is weak, because a packed answer has other bytes.
func answerMachine(w http.ResponseWriter, r *http.Request, a machineAnswer) error {
	body, kind := a.csv, "text/csv; charset=utf-8"
	if a.body != nil {
		kind = "application/json"
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(a.body); err != nil {
			return err
		}
		body = b.Bytes()
	}
	tag, err := tagOf(body, a.same)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Encoding, Authorization")
	h.Set("ETag", tag)
	if matches(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", kind)
	if a.name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+a.name+`"`)
	}
	return send(w, r, http.StatusOK, body)
}

func tagOf(body []byte, same any) (string, error) {
	if same != nil {
		var err error
		if body, err = json.Marshal(same); err != nil {
			return "", err
		}
	}
	sum := sha256.Sum256(body)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`, nil
}

// matches reports whether the program has what it asks for.
func matches(r *http.Request, tag string) bool {
	for had := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if had = strings.TrimSpace(had); had == "*" || "W/"+strings.TrimPrefix(had, "W/") == tag {
			return true
		}
	}
	return false
}

// isMachine reports whether a program asks, which gets no pages.
func isMachine(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// problem sends what went wrong to a program (RFC 9457).
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="uitvraag"`)
	}
	body, err := json.Marshal(api.Problem{Title: title, Status: status, Detail: text, Reference: requestID(r)})
	if err != nil {
		panic(err) // two numbers and texts
	}
	w.Header().Set("Content-Type", "application/problem+json")
	_ = send(w, r, status, body) // the reader has gone; nobody is left to tell
}
