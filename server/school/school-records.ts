/** Schools, networks and terms. Personal data: none. */
import {
  schoolCollection,
  sharedCollection,
  type Database,
  type SchoolScope,
  type SharedScope,
} from '../db/database.js';
import { byBeginning, type Network, type School, type Term } from './school.js';
import { escapeRegExp } from '../whole-words.js';

const schools = sharedCollection<School>(
  'schools',
  {
    slug: { type: String, required: true, immutable: true },
    name: { type: String, required: true },
    networkId: String,
    timeZone: { type: String, required: true },
    locale: { type: String, required: true },
    accent: String,
    address: String,
    motto: String,
    rosterId: String,
    policies: { type: Object, required: true },
    currentTermId: String,
    closedAt: Date,
    closedReason: String,
    createdAt: { type: Date, required: true, immutable: true },
  },
  { indexes: [{ keys: { slug: 1 }, unique: true }, { keys: { networkId: 1, name: 1 } }] },
);
export const schoolsDeclaration = schools.declaration;

const networks = sharedCollection<Network>(
  'networks',
  {
    slug: { type: String, required: true, immutable: true },
    name: { type: String, required: true },
    closedAt: Date,
    handoverRule: String,
    turns: Number,
  },
  { indexes: [{ keys: { slug: 1 }, unique: true }] },
);
export const networksDeclaration = networks.declaration;

const terms = schoolCollection<Term>(
  'terms',
  {
    slug: { type: String, required: true, immutable: true },
    name: { type: String, required: true },
    startsOn: { type: String, required: true },
    endsOn: { type: String, required: true },
  },
  { indexes: [{ keys: { schoolId: 1, slug: 1 }, unique: true }, { keys: { schoolId: 1, startsOn: 1 } }] },
);
export const termsDeclaration = terms.declaration;

/** One document: this installation was opened by a first run. */
const openings = sharedCollection<{ id: string }>('openings', {}, { indexes: [] });
export const openingsDeclaration = openings.declaration;

type Where = Database | SharedScope;

export const countSchools = (where: Where) => schools.in(where).count({});
export const findSchool = (where: Where, id: string) => schools.in(where).findOne({ id });
export const findSchoolBySlug = (where: Where, slug: string) => schools.in(where).findOne({ slug });
export const listSchools = (where: Where, page: number, perPage: number) =>
  schools.in(where).page({}, { sort: { name: 1 }, page, perPage });
export const listSchoolsOfNetwork = (where: Where, networkId: string, page: number, perPage: number) =>
  schools.in(where).page({ networkId }, { sort: { name: 1 }, page, perPage });
/** Open schools of a network, by name; those whose name begins so, when given. */
export const listOpenSchoolsOfNetwork = (where: Where, networkId: string, search: string, limit: number) =>
  schools.in(where).find(
    {
      ...{ networkId, closedAt: null },
      ...(search ? { name: { $regex: escapeRegExp(search), $options: 'i' } } : {}),
    },
    { sort: { name: 1 }, limit },
  );
export const listSchoolIdsOfNetwork = async (where: Where, networkId: string): Promise<string[]> =>
  (await schools.in(where).find({ networkId }, { fields: ['id'] })).map(({ id }) => id);
/** Once: the id is the same for everybody. */
export const saveOpened = (where: Where) => openings.in(where).insert({ id: 'first-run' });
export const saveSchool = (where: Where, school: School) => schools.in(where).insert(school);
export const saveSchoolChange = (
  scope: SchoolScope,
  change: Partial<Omit<School, 'id' | 'slug' | 'createdAt'>>,
) => schools.in(scope).updateOne({ id: scope.schoolId }, { $set: change });

export const findNetwork = (where: Where, id: string) => networks.in(where).findOne({ id });
export const findNetworkBySlug = (where: Where, slug: string) => networks.in(where).findOne({ slug });
export const listNetworks = (where: Where) => networks.in(where).find({}, { sort: { name: 1 }, limit: 500 });
export const listNetworkIds = async (where: Where): Promise<string[]> =>
  (await networks.in(where).find({}, { fields: ['id'], sort: { id: 1 } })).map(({ id }) => id);
/** Inside a transaction: the other one that does this at the same moment starts again. */
export const saveNetworkTurn = (where: Where, id: string) =>
  networks.in(where).updateOne({ id }, { $inc: { turns: 1 } });
export const saveNetworkChange = (
  where: Where,
  id: string,
  change: Partial<Pick<Network, 'name' | 'handoverRule'>>,
) => networks.in(where).updateOne({ id }, { $set: change });
export const saveNetwork = (where: Where, network: Network) => networks.in(where).insert(network);

export const findTerm = (scope: SchoolScope, id: string) => terms.in(scope).findOne({ id });
export const getTerm = (scope: SchoolScope, id: string) => terms.in(scope).get(id);
export const findTermBySlug = (scope: SchoolScope, slug: string) => terms.in(scope).findOne({ slug });
/** All terms of the school, oldest first; those that begin on one day always in the same order. */
export const listTerms = async (scope: SchoolScope): Promise<Term[]> =>
  (await terms.in(scope).find({}, { sort: { startsOn: 1 }, limit: 500 })).sort(byBeginning);
export const saveTerm = (scope: SchoolScope, term: Term) => terms.in(scope).insert(term);
export const removeTermRecord = (scope: SchoolScope, id: string) => terms.in(scope).remove({ id });
export const saveTermChange = (
  scope: SchoolScope,
  id: string,
  change: Partial<Pick<Term, 'name' | 'startsOn' | 'endsOn'>>,
) => terms.in(scope).updateOne({ id }, { $set: change });
