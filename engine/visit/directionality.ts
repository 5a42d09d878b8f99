// The directionality of a control, which `dirname` sends along (HTML, 3.2.6.4).

import { type ChildNode, type Element, isTag, isText } from 'domhandler';
import { ancestorsOf } from './html-document.ts';

/** The writing direction of text. */
type Direction = 'ltr' | 'rtl';

/** Characters that are written from right to left, by their scripts. */
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\p{Script=Mende_Kikakui}]/u;

/** Elements whose text says nothing about the direction of the text around them. */
const LEFT_OUT: ReadonlySet<string> = new Set(['bdi', 'script', 'style', 'textarea']);

/** The direction of a control that holds `value`. */
export function directionOf(control: Element, type: string, value: string): Direction {
  const own = dirOf(control);
  if (own === 'auto') return firstStrong(value) ?? 'ltr';
  if (own !== undefined) return own;
  if (type === 'tel') return 'ltr';
  for (const ancestor of ancestorsOf(control)) {
    const dir = dirOf(ancestor) ?? (ancestor.name === 'bdi' ? 'auto' : undefined);
    if (dir === 'auto') return directionInside(ancestor) ?? 'ltr';
    if (dir !== undefined) return dir;
  }
  return 'ltr';
}

function dirOf({ attribs }: Element): Direction | 'auto' | undefined {
  const dir = attribs.dir?.toLowerCase();
  return dir === 'ltr' || dir === 'rtl' || dir === 'auto' ? dir : undefined;
}

function firstStrong(text: string): Direction | undefined {
  const [letter] = /\p{L}/u.exec(text) ?? [];
  if (letter === undefined) return undefined;
  return RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
}

function directionInside(element: Element): Direction | undefined {
  for (const child of element.children) {
    const direction = directionOfNode(child);
    if (direction !== undefined) return direction;
  }
  return undefined;
}

function directionOfNode(node: ChildNode): Direction | undefined {
  if (isText(node)) return firstStrong(node.data);
  if (!isTag(node) || LEFT_OUT.has(node.name) || dirOf(node) !== undefined) return undefined;
  return directionInside(node);
}
