// Names: what is selected in [data-names-text] becomes the words to black out, in [data-names-words].
const MOST = 120;

export function start(root) {
  const field = root.querySelector("[data-names-words]");
  const text = root.querySelector("[data-names-text]");
  if (!field || !text || field.dataset.named) return;
  field.dataset.named = "";
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    const words = chosen.toString().replace(/\s+/g, " ").trim();
    if (words && words.length <= MOST && text.contains(chosen.anchorNode) && text.contains(chosen.focusNode)) field.value = words;
  });
}
