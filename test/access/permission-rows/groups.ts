/** Groups of personas of whom many rows expect the same; a group that only one room knows stays with its rows. */

/** Registrar and admin of another school, to whom nothing of this one exists, and who is not signed in. */
export const strangers = { strangeRegistrar: 'gone', strangeAdmin: 'gone', visitor: 'in' } as const;
const office = { registrar: 'ok', admin: 'ok' } as const;

/** Who runs a school: each in their own, at an address that names nobody's thing. */
export const runners = { ...office, strangeRegistrar: 'ok', strangeAdmin: 'ok', visitor: 'in' } as const;
/** Who runs this school. */
export const ownRunners = { ...office, ...strangers } as const;

export const planners = { advisor: 'ok', otherAdvisor: 'ok', ...office } as const;
/** Who plans exhibitions in this school. */
export const ownPlanners = { ...planners, ...strangers } as const;

/**
 * Who acts on exhibitions that `advisor` plans, and on presentations of the student: no advisor of another advisory.
 */
export const ownActors = { ...ownPlanners, otherAdvisor: 'no' } as const;

/** Who reads everything about the student: themselves, family, their advisor and the office. */
export const readers = { student: 'ok', advisor: 'ok', guardian: 'ok', ...office, ...strangers } as const;
