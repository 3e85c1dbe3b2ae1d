import { createLogUpdate } from 'log-update';
import sliceAnsi from 'slice-ansi';

const DRAW_EVERY_MS = 100;

/** Lines at the end of a terminal that are drawn again and again; what is printed meanwhile stays above them. */
export interface Board {
  print(line: string): void;
  /** Ends the drawing; the last lines stay or go. */
  close(options: { readonly keep: boolean }): void;
}

/** `lines` is asked at every turn; each is cut to the terminal's width, so that a line is a line and can be drawn over. */
export function openBoard(
  stream: NodeJS.WriteStream,
  lines: (frame: number, rows: number) => readonly string[],
): Board {
  const update = createLogUpdate(stream);
  let frame = 0;
  const draw = () => {
    frame += 1;
    // The last column stays free: some terminals begin a new line when it is filled.
    const width = Math.max(1, (stream.columns || 80) - 1);
    const rows = Math.max(1, (stream.rows || 24) - 1);
    update(
      lines(frame, rows)
        .map((line) => sliceAnsi(line, 0, width))
        .join('\n'),
    );
  };
  const redraw = () => {
    update.clear();
    draw();
  };
  const timer = setInterval(draw, DRAW_EVERY_MS);
  stream.on('resize', redraw);
  return {
    print(line) {
      update.clear();
      stream.write(`${line}\n`);
      draw();
    },
    close({ keep }) {
      clearInterval(timer);
      stream.off('resize', redraw);
      draw();
      if (!keep) update.clear();
      update.done();
    },
  };
}
