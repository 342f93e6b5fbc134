source("common.R")

# Tests of groups. Base R has t.test, oneway.test, TukeyHSD, wilcox.test,
# kruskal.test, binom.test and cor.test; Levene, Games-Howell, effect sizes and
# their intervals are written here from their definitions (car, DescTools and
# effectsize are not needed).
kinds <- c("normal", "tied", "tiny", "constant", "missing", "unequal", "huge", "small")
draw <- function(kind, n) signif(switch(kind,
  normal = rnorm(n, runif(1, -1, 1)), tied = sample(1:5, n, TRUE), tiny = rnorm(n), constant = rep(sample(1:3, 1), n),
  missing = ifelse(runif(n) < .6, NA, rnorm(n, runif(1))), unequal = rnorm(n, 0, 10^runif(1, -1, 1)),
  huge = rnorm(n, 1e8, 1e7), small = rnorm(n, 1e-8, 1e-8)), 12)
# first takes n numbers of a test, NaN where R refused or found no p: then there
# is nothing to test, and no statistic either.
first <- function(test, n, ...) {
  x <- if (is.null(test) || is.na(test$p.value)) NULL else c(...)
  c(x, rep(NaN, n))[1:n]
}
out <- function(x) I(ifelse(is.na(x), NaN, x))
z <- qnorm(.975)

d_of <- function(x, y) (mean(x) - mean(y)) / sqrt((sum((x - mean(x))^2) + sum((y - mean(y))^2)) / (length(x) + length(y) - 2))
g_of <- function(x, y) { k <- length(x) + length(y) - 2; exp(lgamma(k / 2) - lgamma((k - 1) / 2)) / sqrt(k / 2) * d_of(x, y) }

two <- lapply(1:160, function(i) {
  kind <- kinds[i %% 8 + 1]
  n <- if (kind == "tiny") sample(1:4, 1) else sample(5:60, 1); m <- if (kind == "tiny") sample(2:4, 1) else sample(5:60, 1)
  x <- draw(kind, n); y <- draw(kind, m)
  a <- x[!is.na(x)]; b <- y[!is.na(y)]
  st <- tryCatch(t.test(a, b, var.equal = TRUE), error = function(e) NULL)
  we <- tryCatch(t.test(a, b), error = function(e) NULL)
  mw <- tryCatch(wilcox.test(a, b), error = function(e) NULL)
  # pairs
  p <- draw(kind, n); q <- if (runif(1) < .5) draw(kind, n) else p + signif(rnorm(n, 0, 1e-1) * max(1e-9, sd(p, na.rm = TRUE), na.rm = TRUE), 6)
  q <- signif(q, 12)
  ok <- !is.na(p) & !is.na(q); c <- p[ok]; e <- q[ok]
  pt <- tryCatch(t.test(c, e, paired = TRUE), error = function(e) NULL)
  wi <- tryCatch(wilcox.test(c, e, paired = TRUE), error = function(e) NULL)
  up <- sum(c > e); down <- sum(c < e)
  pe <- tryCatch(cor.test(c, e), error = function(e) NULL)
  sp <- tryCatch(cor.test(rank(c), rank(e)), error = function(e) NULL)
  list(x = out(x), y = out(y), p = out(p), q = out(q),
    student = out(first(st, 6, st$statistic, st$parameter, st$p.value, st$conf.int, d_of(a, b))),
    welch = out(first(we, 6, we$statistic, we$parameter, we$p.value, we$conf.int, g_of(a, b))),
    mw = out(first(mw, 2, mw$statistic, mw$p.value)),
    paired = out(first(pt, 6, pt$statistic, pt$parameter, pt$p.value, pt$conf.int, mean(c - e) / sd(c - e))),
    wilcoxon = out(first(wi, 2, wi$statistic, wi$p.value)),
    sign = if (up + down > 0) binom.test(up, up + down)$p.value else NaN,
    pearson = out(first(pe, 4, pe$estimate, pe$p.value, pe$conf.int)),
    spearman = out(first(sp, 2, sp$estimate, sp$p.value)))
})
save_lines(two, "two_groups.jsonl")

noncentral <- function(f, p) { # lambda of which a share p lies below
  if (f(0) <= p) return(0)
  hi <- 1; while (f(hi) > p) hi <- 2 * hi
  uniroot(function(l) f(l) - p, c(0, hi), tol = 1e-12, maxiter = 1e4)$root
}
games <- function(y, g) {
  k <- nlevels(g); m <- tapply(y, g, mean); v <- tapply(y, g, var); n <- tapply(y, g, length)
  r <- NULL
  for (i in 1:(k - 1)) for (j in (i + 1):k) {
    se <- sqrt((v[i] / n[i] + v[j] / n[j]) / 2)
    df <- (v[i] / n[i] + v[j] / n[j])^2 / ((v[i] / n[i])^2 / (n[i] - 1) + (v[j] / n[j])^2 / (n[j] - 1))
    q <- abs(m[j] - m[i]) / se
    r <- rbind(r, c(m[j] - m[i], m[j] - m[i] - qtukey(.95, k, df) * se, m[j] - m[i] + qtukey(.95, k, df) * se, ptukey(q, k, df, lower.tail = FALSE)))
  }
  r
}
many <- lapply(1:144, function(i) {
  kind <- kinds[i %% 8 + 1]
  k <- sample(2:6, 1)
  samples <- lapply(1:k, function(j) draw(kind, if (kind == "tiny") sample(2:4, 1) else sample(15:40, 1)))
  y <- unlist(samples); g <- factor(rep(1:k, lengths(samples)))
  keep <- !is.na(y); y <- y[keep]; g <- g[keep]
  level <- levels(g)
  if (any(table(factor(g, 1:k)) < 2)) return(NULL) # Welch has nothing to say of a group of one
  f <- tryCatch(if (kind == "constant") NULL else oneway.test(y ~ g, var.equal = TRUE), error = function(e) NULL)
  w <- tryCatch(if (kind == "constant") NULL else oneway.test(y ~ g), error = function(e) NULL)
  lev <- function(middle) tryCatch({ d <- abs(y - ave(y, g, FUN = middle)); t <- oneway.test(d ~ g, var.equal = TRUE); if (t$statistic > 1e25) c(NaN, NaN) else c(t$statistic, t$p.value) }, error = function(e) c(NaN, NaN))
  kw <- tryCatch(kruskal.test(y, g), error = function(e) NULL)
  within <- sum((y - ave(y, g))^2); between <- sum((ave(y, g) - mean(y))^2); n <- length(y); msw <- within / (n - k)
  eta <- c(NaN, NaN, NaN); omega <- NaN; tuk <- NULL; gh <- NULL
  if (!is.null(f)) {
    F <- f$statistic[[1]]
    cdf <- function(l) pf(F, k - 1, n - k, ncp = l)
    lo <- noncentral(cdf, .975); hi <- noncentral(cdf, .025)
    eta <- c(between / (between + within), if (hi == 0) c(NaN, NaN) else c(lo / (lo + n), hi / (hi + n)))
    omega <- (between - (k - 1) * msw) / (between + within + msw)
    tuk <- unname(as.matrix(TukeyHSD(aov(y ~ g))$g)); dimnames(tuk) <- NULL
    gh <- unname(games(y, g)); dimnames(gh) <- NULL
  }
  list(groups = lapply(samples, out),
    anova = out(first(f, 4, f$statistic, f$parameter, f$p.value)),
    welch = out(first(w, 4, w$statistic, w$parameter, w$p.value)),
    levene = out(lev(mean)), brown = out(lev(median)), kw = out(first(kw, 2, kw$statistic, kw$p.value)),
    eta = out(eta), omega = omega, tukey = if (is.null(tuk)) list() else tuk, games = if (is.null(gh)) list() else gh)
})
many <- many[lengths(many) > 0]
save_lines(many, "groups.jsonl")

# The studentized range from its definition: ptukey itself subtracts from 1, and is
# off by 1 % at 2 degrees of freedom (for two means q is √2·|t|, which shows it).
tail_of <- function(q, k, df) {
  if (k == 2) return(2 * pt(-q / sqrt(2), df))
  span <- Vectorize(function(w) k * integrate(function(z) dnorm(z) * (pnorm(z)^(k - 1) - (pnorm(z) - pnorm(z - w))^(k - 1)), -9, 9, rel.tol = 1e-11, subdivisions = 2000)$value)
  chi <- function(s) exp(log(2) + df / 2 * log(df / 2) - lgamma(df / 2) + (df - 1) * log(s) - df / 2 * s^2) * span(q * s)
  middle <- 1 / (1 + q / 6); ends <- c(0, middle / 2, middle, .7 * (middle + 1) / 1.4, 1, 1.5, 3, 12)
  sum(sapply(2:length(ends), function(i) integrate(chi, ends[i - 1], ends[i], rel.tol = 1e-10, subdivisions = 2000)$value))
}
range <- lapply(1:150, function(i) {
  k <- sample(2:12, 1); df <- c(2, 3, 5, 10.5, 30, 100, 1000)[i %% 7 + 1]; q <- round(runif(1, .1, 12), 3)
  list(k = k, df = df, q = q, p = tail_of(q, k, df), ptukey = ptukey(q, k, df, lower.tail = FALSE))
})
save_lines(range, "studentized.jsonl")
