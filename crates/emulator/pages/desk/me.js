// The person at this desk.

const KEY = "desk.name";
export const LONGEST_NAME = 60;

export const myName = () => sessionStorage.getItem(KEY) ?? "";

export function rename(name) {
  sessionStorage.setItem(KEY, name);
}

/** Finds who I am among the people of a chat: the last of my name on the agents' side. */
export function meIn(people) {
  const mine = people.filter((person) => person.nickname === myName() && SPEAKERS.has(person.role));
  return mine.at(-1) ?? null;
}

/** Lists whom I can speak as: myself, and supervisors. */
export function speakers(people) {
  const me = meIn(people);
  const others = people.filter((person) => person.role === "supervisor" && person !== me);
  return [me, ...others].filter((person) => person !== null && !person.on_hold);
}

const SPEAKERS = new Set(["agent", "supervisor"]);
