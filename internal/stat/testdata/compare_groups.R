source("common.R")

# Tests of groups. Base R has t.test, oneway.test, TukeyHSD, wilcox.test,
# kruskal.test, binom.test and cor.test; Levene is that of car, the variance of
# Mann-Whitney's effect that of pROC. effectsize looks for its intervals to some 3
# digits; they are brought to 12 here from the same distribution. Games-Howell, the
# spread of Wilcoxon's effect and epsilon squared are written from their definitions.
suppressMessages({ library(car); library(pROC); library(effectsize) })
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

# d_interval is of d with t = d / wide. pt loses its digits beyond 30.
d_interval <- function(t, df, wide) {
  if (is.na(t) || abs(t) > 25) return(list())
  at <- function(p) uniroot(function(l) pt(t, df, ncp = l) - p, t + c(-1, 1) * (6 + 3 * abs(t)), extendInt = "downX", tol = 1e-13, maxiter = 1e4)$root * wide
  x <- tryCatch(suppressWarnings(c(at(.975), at(.025))), error = function(e) NULL)
  if (is.null(x)) list() else one(x)
}
same <- function(x, theirs) { if (length(x) == 2) stopifnot(max(abs(x - c(theirs$CI_low, theirs$CI_high))) < .02 * max(1, abs(x))); x }
fisher_z <- function(r, se) if (is.finite(se) && se > 0 && abs(r) < 1) tanh(atanh(r) + c(-1, 1) * z * se / (1 - r^2)) else c(NaN, NaN)
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
  wide <- sqrt(1 / length(a) + 1 / length(b)); k <- length(a) + length(b) - 2
  d_ci <- if (is.null(st) || is.na(st$p.value)) one(c(NaN, NaN)) else d_interval(st$statistic, k, wide)
  if (length(d_ci) == 2 && !anyNA(d_ci)) same(d_ci, suppressWarnings(cohens_d(a, b)))
  g_ci <- if (is.null(we) || is.na(we$p.value)) one(c(NaN, NaN)) else { found <- d_interval(d_of(a, b) / wide, k, wide); if (length(found)) one(found * g_of(a, b) / d_of(a, b)) else found }
  p_ci <- if (is.null(pt) || is.na(pt$p.value)) one(c(NaN, NaN)) else d_interval(pt$statistic, length(c) - 1, 1 / sqrt(length(c)))
  mw_e <- rep(NaN, 3)
  if (length(a) && length(b) && (length(unique(c(a, b))) > 1)) {
    r <- roc(controls = b, cases = a, direction = "<", quiet = TRUE); r0 <- 2 * as.numeric(r$auc) - 1
    mw_e <- c(r0, if (min(length(a), length(b)) > 1) fisher_z(r0, 2 * sqrt(var(r, method = "delong"))) else c(NaN, NaN))
  }
  w_e <- rep(NaN, 3); dif <- (c - e)[c != e]
  if (length(dif)) {
    signs <- sign(outer(dif, dif, "+")); m1 <- length(dif)
    r0 <- sum(signs[lower.tri(signs, TRUE)]) / (m1 * (m1 + 1) / 2)
    w_e <- c(r0, if (m1 > 1) fisher_z(r0, 2 * sqrt(var(rowMeans(signs)) / m1)) else c(NaN, NaN))
  }
  pe <- tryCatch(cor.test(c, e), error = function(e) NULL)
  sp <- tryCatch(cor.test(rank(c), rank(e)), error = function(e) NULL)
  list(x = out(x), y = out(y), p = out(p), q = out(q),
    student = out(first(st, 6, st$statistic, st$parameter, st$p.value, st$conf.int, d_of(a, b))),
    welch = out(first(we, 6, we$statistic, we$parameter, we$p.value, we$conf.int, g_of(a, b))),
    mw = out(first(mw, 2, mw$statistic, mw$p.value)),
    paired = out(first(pt, 6, pt$statistic, pt$parameter, pt$p.value, pt$conf.int, mean(c - e) / sd(c - e))),
    wilcoxon = out(first(wi, 2, wi$statistic, wi$p.value)),
    d_ci = d_ci, g_ci = g_ci, p_ci = p_ci, mw_effect = one(mw_e), w_effect = one(w_e),
    sign_effect = one(if (up + down > 0) c((up - down) / (up + down), 2 * prop.test(up, up + down, correct = FALSE)$conf.int - 1) else rep(NaN, 3)),
    rho_ci = one(if (is.null(sp) || is.na(sp$p.value)) c(NaN, NaN) else { r <- sp$estimate[[1]]; if (abs(r) > 1 - 1e-14 || length(c) < 4) c(NaN, NaN) else tanh(atanh(r) + c(-1, 1) * z * sqrt((1 + r^2 / 2) / (length(c) - 3))) }),
    sign = if (up + down > 0) binom.test(up, up + down)$p.value else NaN,
    pearson = out(first(pe, 4, pe$estimate, pe$p.value, pe$conf.int)),
    spearman = out(first(sp, 2, sp$estimate, sp$p.value)))
})
save_lines(two, "two_groups.jsonl")

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
  lev <- function(middle) tryCatch({ t <- leveneTest(y, g, center = middle); if (is.na(t[1, 2]) || t[1, 2] > 1e25) c(NaN, NaN) else c(t[1, 2], t[1, 3]) }, error = function(e) c(NaN, NaN))
  kw <- tryCatch(kruskal.test(y, g), error = function(e) NULL)
  within <- sum((y - ave(y, g))^2); between <- sum((ave(y, g) - mean(y))^2); n <- length(y); msw <- within / (n - k)
  eta <- c(NaN, NaN, NaN); omega <- NaN; tuk <- NULL; gh <- NULL
  if (!is.null(f)) {
    F <- f$statistic[[1]]
    cdf <- function(l) pf(F, k - 1, n - k, ncp = l)
    l <- possible(cdf)
    eta <- c(between / (between + within), l / (l + n))
    omega <- (between - (k - 1) * msw) / (between + within + msw)
    tuk <- unname(as.matrix(TukeyHSD(aov(y ~ g))$g)); dimnames(tuk) <- NULL
    gh <- unname(games(y, g)); dimnames(gh) <- NULL
  }
  list(groups = lapply(samples, out),
    anova = out(first(f, 4, f$statistic, f$parameter, f$p.value)),
    welch = out(first(w, 4, w$statistic, w$parameter, w$p.value)),
    levene = out(lev(mean)), brown = out(lev(median)), kw = out(first(kw, 2, kw$statistic, kw$p.value)),
    epsilon = if (is.null(kw) || is.na(kw$p.value)) one(rep(NaN, 3)) else one(c(kw$statistic / (n - 1), of_chi(kw$statistic, k - 1, n - 1))),
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
