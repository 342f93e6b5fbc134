# What psych says of made-up answers: KMO, Bartlett's sphericity, eigenvalues,
# principal axis and minres factors of fa, varimax of stats, oblimin of
# GPArotation, and omega of one minres factor. psych stops at some 4 digits, so
# its communalities are iterated on until they stand still: principal axis and
# minres end where the same equations hold. psych has no omega of raw sums, and no
# interval; both are written out below.
source("common.R")
suppressMessages({ library(psych); library(GPArotation) })

kinds <- c("normal", "tied", "missing", "small", "huge", "singular", "constant")
# still goes on from communalities until they stand still; what lies at the bound
# of .005 stays there.
still <- function(r, h, m, rounds = 1500) {
  pinned <- 1 - h <= .005 + 1e-9
  h[pinned] <- .995
  for (i in 1:rounds) {
    s <- r; diag(s) <- diag(r) - 1 + h
    e <- eigen(s, symmetric = TRUE)
    l <- e$vectors[, 1:m, drop = FALSE] %*% diag(sqrt(pmax(e$values[1:m], 0)), m)
    n <- rowSums(l^2); n[pinned] <- .995
    if (any(n >= 1)) return(NULL)
    if (max(abs(n - h)) < 1e-14) return(list(l = l, h = n, pinned = any(pinned)))
    h <- n
  }
  NULL
}
tidy <- function(l, phi = diag(ncol(l))) {
  side <- ifelse(colSums(l) < 0, -1, 1); at <- order(-diag(phi %*% crossprod(l)))
  list(l = (l %*% diag(side, ncol(l)))[, at, drop = FALSE], phi = (diag(side, ncol(l)) %*% phi %*% diag(side, ncol(l)))[at, at, drop = FALSE])
}
quiet <- function(x) suppressMessages(suppressWarnings(x))
minres_of <- function(r, m, n) {
  f <- quiet(tryCatch(fa(r, m, n.obs = n, fm = "minres", rotate = "none", warnings = FALSE), error = function(e) NULL))
  if (is.null(f)) NULL else still(r, pmin(f$communalities, .995), m)
}
# varimax stops at the first step that gains nothing; begun again it goes on.
orthogonal <- function(l) {
  if (ncol(l) > 1) for (i in 1:5000) { n <- unclass(varimax(l, normalize = TRUE, eps = 1e-15)$loadings); moved <- max(abs(n - l)); l <- n; if (moved < 1e-11) break }
  tidy(l)$l
}
oblique <- function(l) {
  o <- quiet(tryCatch(oblimin(l, normalize = TRUE, eps = 1e-7, maxit = 3000), error = function(e) NULL))
  if (is.null(o) || !o$convergence) NULL else tidy(unclass(o$loadings), o$Phi)
}

# omega of the raw sum, and its standard error through the covariances: where h
# stands still, h = G(h, S), so dh/dS = (1 - dG/dh)^-1 dG/dS.
axis <- function(r, h) { diag(r) <- h; e <- eigen(r, symmetric = TRUE); e$vectors[, 1] * sqrt(max(e$values[1], 0)) }
omega_of <- function(s, h) { d <- sqrt(diag(s)); a <- sum(axis(s / outer(d, d), h) * d)^2; a / (a + sum((1 - h) * d^2)) }
step_of <- function(s, h) { d <- sqrt(diag(s)); axis(s / outer(d, d), h)^2 }
interval <- function(x, h) {
  n <- nrow(x); k <- ncol(x); s <- cov(x); z <- scale(x, scale = FALSE); d <- rep(0, n)
  w <- omega_of(s, h)
  by_h <- function(f) sapply(1:k, function(i) { e <- replace(rep(0, k), i, 1e-5); (f(s, h + e) - f(s, h - e)) / 2e-5 })
  inverse <- solve(diag(k) - by_h(step_of)); w_h <- by_h(omega_of)
  for (i in 1:k) for (j in 1:i) {
    e <- 1e-5 * sqrt(s[i, i] * s[j, j]); a <- s; b <- s
    a[i, j] <- a[j, i] <- s[i, j] + e; b[i, j] <- b[j, i] <- s[i, j] - e
    moved <- inverse %*% (step_of(a, h) - step_of(b, h)) / (2 * e)
    d <- d + ((omega_of(a, h) - omega_of(b, h)) / (2 * e) + sum(w_h * moved)) * (z[, i] * z[, j] - s[i, j])
  }
  se <- sqrt(sum(d^2) / (n * (n - 1))) / (w * (1 - w))
  c(w, plogis(qlogis(w) + c(-1, 1) * qnorm(.975) * se))
}

matrix_rows <- function(l) if (is.null(l)) list() else lapply(1:nrow(l), function(j) one(l[j, ]))
cases <- list(); i <- -1
while (length(cases) < 126) { # what psych cannot settle is left out, and the next kind drawn
  i <- i + 1
  kind <- kinds[i %% 7 + 1]
  m <- if (kind == "small") 2 else c(2, 2, 3, 2, 1, 2)[i %/% 7 %% 6 + 1] # every kind with every number
  k <- max(4, 3 * m) + sample(0:2, 1); n <- if (kind == "small") sample(20:30, 1) else if (kind == "missing") 400 else sample(60:160, 1)
  f <- matrix(rnorm(n * m), n)
  x <- sapply(1:k, function(j) f[, (j - 1) %% m + 1] * runif(1, .6, 1.4) + rnorm(n))
  if (kind %in% c("tied", "missing", "small")) x <- matrix(pmin(5, pmax(1, round(3 + x))), n)
  if (kind == "huge") x <- x * 1e7 + 1e8
  if (kind == "missing") x[runif(n) < .6, sample(k, 1)] <- NA
  if (kind == "singular") x[, k] <- if (i %% 2) x[, 1] else x[, 1] + x[, 2]
  if (kind == "constant") x[, sample(k, 1)] <- 3
  x <- signif(x, 12)
  whole <- x[complete.cases(x), , drop = FALSE]
  r <- quiet(cor(whole)); N <- nrow(whole)
  none <- any(is.na(r)) || min(eigen(r, TRUE)$values) < 1e-10 || N <= k
  y <- x; y[is.na(y)] <- NaN
  set <- list(kind = kind, columns = lapply(1:k, function(j) one(y[, j])), n = N, factors = m, none = none, kmo = "NaN", kmo_items = one(rep(NaN, k)), bartlett = "NaN", df = "NaN", p = "NaN",
    eigenvalues = one(rep(NaN, k)), random = list(), loadings = list(), minres = list(), oblimin = list(), phi = list(), omega = one(rep(NaN, 3)))
  if (!none) {
    o <- quiet(KMO(r)); b <- cortest.bartlett(r, N)
    set$kmo <- o$MSA; set$kmo_items <- one(o$MSAi); set$bartlett <- b$chisq; set$df <- b$df; set$p <- b$p.value
    set$eigenvalues <- one(eigen(r, TRUE)$values)
    a <- quiet(tryCatch(fa(r, m, n.obs = N, fm = "pa", rotate = "none", warnings = FALSE, max.iter = 500), error = function(e) NULL))
    a <- if (is.null(a)) NULL else still(r, a$communality, m)
    q <- minres_of(r, m, N)
    if (is.null(q)) next # where psych does not come to rest it cannot say who is right
    if (!is.null(a) && !a$pinned) set$loadings <- matrix_rows(orthogonal(a$l))
    set$minres <- matrix_rows(tidy(q$l)$l)
    if (m > 1) {
      v <- oblique(q$l)
      if (is.null(v)) next
      set$oblimin <- matrix_rows(v$l); set$phi <- matrix_rows(v$phi)
    }
    g <- if (m == 1) q else minres_of(r, 1, N)
    w <- if (is.null(g) || g$pinned) NULL else interval(whole, g$h)
    if (is.null(w) || any(is.na(w))) next
    set$omega <- one(w)
    draws <- replicate(200, eigen(cor(matrix(rnorm(N * k), N)), TRUE, only.values = TRUE)$values)
    set$random <- one(apply(draws, 1, quantile, .95, names = FALSE))
  }
  cases[[length(cases) + 1]] <- set
}
save_lines(cases, "factor.jsonl")
