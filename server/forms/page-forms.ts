/**
 * The forms of a page with their fields, and where each stands in the page's text. Reads our own pages only,
 * which are well formed.
 */
import { Parser } from 'htmlparser2';

/** From the first letter to the one after the last. */
export interface TextSpan {
  start: number;
  end: number;
}

interface PageOption {
  tag: TextSpan;
  attributes: Record<string, string>;
  text: string;
}

export interface PageField {
  kind: 'input' | 'textarea' | 'select';
  name: string;
  attributes: Record<string, string>;
  tag: TextSpan;
  /** Of a text area: its text, and the span of it in the page. */
  text: string;
  content: TextSpan;
  /** Where the next element begins. */
  end: number;
  options: PageOption[];
}

export interface PageForm {
  tag: TextSpan;
  attributes: Record<string, string>;
  fields: PageField[];
  /** It changes something; one of its buttons does where the others look something up. */
  posts: boolean;
  /** Addresses to which its buttons go, and names of its buttons. */
  buttonActions: string[];
  buttonNames: string[];
  /** Closed `<details>` around it. */
  closed: TextSpan[];
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
/** As our templates escape. The parser leaves the text of a text area as it is written. */
export const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|(amp|lt|gt|quot));/gi, (_, code: string | undefined, name: string) =>
    code ? String.fromCodePoint(Number.parseInt(code, 16)) : named[name.toLowerCase()]!,
  );

/** Every form of the page that changes something, in order. */
export const formsOf = (html: string): PageForm[] => allFormsOf(html).filter(({ posts }) => posts);

/** Every form of the page, also those that only search. */
export function allFormsOf(html: string): PageForm[] {
  const forms: PageForm[] = [];
  const details: { tag: TextSpan; open: boolean }[] = [];
  let form: PageForm | null = null;
  let field: PageField | null = null;
  let option: PageOption | null = null;
  const byId = new Map<string, PageForm>();
  const loose: { id: string; field: PageField }[] = [];
  const add = (found: PageField): void => {
    const id = found.attributes['form'];
    if (id) loose.push({ id, field: found });
    else form?.fields.push(found);
  };
  const parser = new Parser({
    onopentag(name, attributes) {
      const tag = { start: parser.startIndex, end: parser.endIndex + 1 };
      if (name === 'details') details.push({ tag, open: 'open' in attributes });
      else if (name === 'form') {
        const closed = details.filter(({ open }) => !open).map((each) => each.tag);
        const posts = attributes['method']?.toLowerCase() === 'post';
        form = { tag, attributes, posts, fields: [], buttonActions: [], buttonNames: [], closed };
        forms.push(form);
        if (attributes['id']) byId.set(attributes['id'], form);
      } else if (name === 'button') {
        if (form && attributes['formmethod']?.toLowerCase() === 'post') form.posts = true;
        if (attributes['formaction']) form?.buttonActions.push(attributes['formaction']);
        if (attributes['name']) form?.buttonNames.push(attributes['name']);
      } else if (name === 'input' || name === 'textarea' || name === 'select') {
        const content = { start: tag.end, end: tag.end };
        field = {
          ...{ kind: name, name: attributes['name'] ?? '', attributes, tag, content },
          ...{ text: '', end: tag.end, options: [] },
        };
        add(field);
        if (name === 'input') field = null;
      } else if (name === 'option' && field) {
        option = { tag, attributes, text: '' };
        field.options.push(option);
      }
    },
    ontext(text) {
      if (option) option.text += text;
    },
    onclosetag(name) {
      if (name === 'details') details.pop();
      else if (name === 'form') form = null;
      else if (name === 'option') option = null;
      else if (field && name === field.kind) {
        field.content.end = parser.startIndex;
        field.end = parser.endIndex + 1;
        const inside = html.slice(field.content.start, field.content.end);
        // A browser takes away the first line break of a text area.
        if (field.kind === 'textarea') field.text = unescaped(inside).replace(/^\r?\n/, '');
        field = null;
      }
    },
  });
  parser.end(html);
  for (const { id, field: found } of loose) byId.get(id)?.fields.push(found);
  return forms;
}
