source("common.R")
suppressMessages(library(survey))

# Two or three margins; survey::rake to 1e-13, and the weights of postStratify
# for the first margin. Cells of units are written as numbers from 0.
out <- list()
while (length(out) < 110) {
  n <- switch(length(out) %% 3 + 1, sample(9:12, 1), sample(13:25, 1), sample(30:50, 1))
  k <- sample(2:3, 1)
  cells <- sample(2:4, k, replace = TRUE)
  d <- as.data.frame(lapply(cells, function(m) sample(seq_len(m), n, replace = TRUE, prob = runif(m, .3, 1))))
  names(d) <- paste0("m", seq_len(k))
  if (!all(mapply(function(x, m) length(unique(x)) == m, d, cells))) next
  targets <- lapply(cells, function(m) { t <- runif(m, .5, 1.5); t / sum(t) * n })
  if (length(out) %% 4 == 0) targets <- lapply(d, function(x) as.vector(table(x))) # nothing to do
  base <- if (length(out) %% 5 == 0) runif(n, .5, 2) else rep(1, n)
  base <- base / mean(base)
  des <- svydesign(ids = ~1, weights = base, data = d)
  pops <- mapply(function(name, t) { p <- data.frame(seq_along(t), Freq = t); names(p)[1] <- name; p }, names(d), targets, SIMPLIFY = FALSE)
  r <- try(rake(des, lapply(names(d), function(x) as.formula(paste0("~", x))), unname(pops), control = list(maxit = 5000, epsilon = 1e-12)), silent = TRUE)
  if (inherits(r, "try-error")) next
  w <- unname(weights(r))
  worst <- max(mapply(function(x, t) max(abs(tapply(w, x, sum) - t)), d, targets))
  if (worst > 1e-10) next
  post <- postStratify(svydesign(ids = ~1, weights = rep(1, n), data = d), ~m1, pops[[1]])
  share <- runif(cells[1]) + .1
  cv <- function(w) mean((w - mean(w))^2) / mean(w)^2
  out[[length(out) + 1]] <- list(of = unname(lapply(d, function(x) one(x - 1))), targets = lapply(unname(targets), one), base = one(base),
    weights = one(w), deff = 1 + cv(w), post = one(unname(weights(post))))
}
save_lines(out, "rake.jsonl")
