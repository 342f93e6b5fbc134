package server

import (
	"net/http"
	"time"
)

const (
	respondentCookie = "uitvraag"
	staffCookie      = "beheer"
)

// cookieName carries the __Host- prefix where the site is on https (DESIGN 6).
func (s *Server) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

func (s *Server) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie sets a cookie for as long as the browser is open; "" removes it.
func (s *Server) setCookie(w http.ResponseWriter, name, value string) {
	c := &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	if value == "" {
		c.MaxAge, c.Expires = -1, time.Unix(1, 0)
	}
	http.SetCookie(w, c)
}
