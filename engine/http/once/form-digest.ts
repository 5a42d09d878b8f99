// The digest of a form as it has arrived: method, address, fields and uploads. Two arrivals with the same digest are the same form.

import { createHash } from 'node:crypto';
import type { UploadedFile } from '../../runtime/page-types.ts';
import type { RequestContext } from '../request-context.ts';

/** The digest, in hexadecimal. The token has been taken out of the fields. */
export async function formDigest({ request, target, body }: RequestContext): Promise<string> {
  const uploads: unknown[] = [];
  for (const [name, files] of body?.files ?? []) {
    for (const file of files) uploads.push([name, file.name, file.type, await contentDigest(file)]);
  }
  const form = [request.method, request.path, target.search, [...(body?.fields ?? [])], uploads];
  return createHash('sha256').update(JSON.stringify(form)).digest('hex');
}

async function contentDigest(file: UploadedFile): Promise<string> {
  const content = createHash('sha256');
  for await (const chunk of file.stream()) content.update(chunk);
  return content.digest('hex');
}
