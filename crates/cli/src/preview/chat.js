// Begins the chat of a frame, by the page's own function; without a state it only asks for the panel.

const { api, state, questions } = document.currentScript.dataset;

/** Returns the answer to a question that its pattern allows, if there is one. */
function answerTo({ answers, pattern }) {
  const isRight = (answer) => !pattern || new RegExp(`^(?:${pattern})$`, "v").test(answer);
  return answers.find(isRight);
}

async function begin() {
  const call = window[api];
  if (!state) return call("open");
  const answered = JSON.parse(questions).map((question) => [question.name, answerTo(question)]);
  const answers = answered.filter(([, answer]) => answer !== undefined);
  // For the form that is shown where there is no chat. An agreement cannot be filled in.
  const texts = answers.filter(([, answer]) => typeof answer === "string");
  await call("prefill", Object.fromEntries(texts));
  await call("setUserData", { _preview: state });
  await call("startChat", Object.fromEntries(answers));
}

begin().catch((error) => {
  const isMeant = state === "refused" && error.code === "cannotStartNow";
  if (isMeant) return;
  document.querySelector(".said").textContent = `This chat cannot be shown. ${error.message}`;
});
