/** A piece of evidence that might hold a secret: it is not kept, and the record says so. */
export class Doubtful extends Error {
  override readonly name = 'Doubtful';
}
