// What a kernel makes of a drawing, and in which colours: the same sums and the same scale as in the bot's pictures.

const BELOW = ["#ffffff", "#d8eaff", "#b0d5ff", "#80bcff", "#4a9cf1", "#2479cc"];
const ABOVE = ["#ffffff", "#fce2d4", "#f8c4a8", "#f3a173", "#e07937", "#ba5702"];
const ramps = [BELOW, ABOVE].map((stops) => stops.map((stop) => [1, 3, 5].map((at) => parseInt(stop.slice(at, at + 2), 16))));

// `pixels` has side × side numbers, row by row; the output is smaller by the kernel's size less one.
export function slide(pixels, side, weights) {
  const size = weights.length;
  const across = side - size + 1;
  const sums = new Float64Array(across * across);
  for (let row = 0; row < across; row++) {
    for (let col = 0; col < across; col++) {
      let sum = 0;
      for (let r = 0; r < size; r++) {
        for (let c = 0; c < size; c++) sum += weights[r][c] * pixels[(row + r) * side + col + c];
      }
      sums[row * across + col] = sum;
    }
  }
  return sums;
}

// Blue below zero, white at zero, orange above; equally dark at equal distance.
export function paint(canvas, sums) {
  const side = Math.sqrt(sums.length);
  const limit = sums.reduce((most, sum) => Math.max(most, Math.abs(sum)), 0) || 1;
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  sums.forEach((sum, place) => image.data.set([...colour(sum / limit), 255], place * 4));
  context.putImageData(image, 0, 0);
}

function colour(share) {
  const stops = ramps[share < 0 ? 0 : 1];
  const at = Math.abs(share) * (stops.length - 1);
  const below = Math.min(Math.floor(at), stops.length - 2);
  return stops[below].map((start, part) => Math.round(start + (at - below) * (stops[below + 1][part] - start)));
}

// `−762 … 762`, as the bot writes numbers.
export function range(sums) {
  const written = (value) => String(Math.round(value * 100) / 100 + 0).replace("-", "−");
  return `${written(Math.min(...sums))} … ${written(Math.max(...sums))}`;
}
