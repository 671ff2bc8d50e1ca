// <form data-confirm="the question">: asks in the one dialog, then submits with the same button.
const dialog = document.getElementById("confirm");
let waiting = null;
let started = false;

function ask(form, submitter) {
  const asked = submitter?.dataset.confirm ? submitter.dataset : form.dataset;
  const yes = dialog.querySelector("#confirm-yes");
  dialog.querySelector("#confirm-title").textContent = asked.confirm;
  dialog.querySelector("#confirm-text").textContent = asked.confirmText ?? "";
  yes.textContent = asked.confirmYes ?? submitter?.textContent.trim() ?? yes.dataset.word;
  waiting = { form, submitter };
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("#confirm-no").focus();
}

export function start() {
  if (started || !dialog) return;
  started = true;
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!form.dataset.confirm && !submitter?.dataset.confirm) return;
    if (form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, submitter);
  }, true);
  dialog.addEventListener("close", () => {
    const { form, submitter } = waiting ?? {};
    waiting = null;
    if (!form || dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter ?? undefined);
  });
}
