// Folds: <details data-fold open> begins closed on a phone, where it is many screens long; paper has all of it.
const paper = matchMedia("print");
let closed = [];

paper.onchange = () => {
  if (paper.matches) closed = [...document.querySelectorAll("details[data-fold]:not([open])")];
  for (const fold of closed) fold.open = paper.matches;
};

export function start(root) {
  for (const fold of root.querySelectorAll("details[data-fold='']")) {
    fold.dataset.fold = "known"; // later it is as its reader left it
    if (matchMedia("(max-width: 600px)").matches) fold.open = false;
  }
}
