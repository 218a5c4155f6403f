/** What an advisor and a student of the tests write about a term: long enough to fill a page. */
export const advisorText = `When Amina came back from the first week at the clinic she did not talk about the patients. She talked about the waiting room: who sat where, who left before being called, and how long a person will wait before deciding that nobody is coming. That question became her term.

She counted. For eleven afternoons she sat with a notebook beside the interpreter's desk and wrote down, every ten minutes, how many people were waiting and in which language they had signed in. The first table she brought me was wrong in an instructive way: she had counted families as one. She saw it herself, before I did, and counted again.

What impressed the panel in March was not the chart, good as it was, but the paragraph under it in which she named three things her numbers *could not* show. Dr. Haile asked whether she would trust the result enough to change the rota. She said: "For one week, to see." That is a scientist's answer.

Her writing has grown more slowly than her thinking. Drafts arrive late and long; the second version is always half the length and twice as good. Next term we will practise letting go of the first version earlier.

She has begun to notice when others in advisory fall silent, and to ask them a question rather than fill the gap. It is the quality I would most like her next teachers to know about.`;

export const studentText = `I set out to find out why my grandmother always leaves the clinic before her turn. I thought the answer would be that the wait is too long. It isn't. People will wait two hours if they know it will be two hours.

I learned how to take a measurement again when the first one is bad, and not to be ashamed of that. I learned to say "I don't know yet" in front of a panel, which felt terrible for about four seconds and then felt fine.

- I am proud of the one-page sign the clinic now hangs up in five languages.
- I am not proud of how late I started writing.

Next year I want to do this with a whole ward.`;
