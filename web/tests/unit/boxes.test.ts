import { describe, expect, it } from 'vitest';
import { boxStyle, boxText, cutOutStyle, paintOrder } from '../../src/logic/boxes';

const image = { width: 200, height: 100 };

describe('boxStyle', () => {
  it('places a box by shares of the picture', () =>
    expect(boxStyle({ x: 50, y: 25, width: 100, height: 50 }, image)).toBe('left:25.000%;top:25.000%;width:50.000%;height:50.000%'));

  it('keeps a box that reaches over the edge within the picture', () =>
    expect(boxStyle({ x: -20, y: 80, width: 40, height: 40 }, image)).toBe('left:0.000%;top:80.000%;width:10.000%;height:20.000%'));
});

describe('cutOutStyle', () => {
  const style = (x: number): string => cutOutStyle('blob:1', { x, y: 30, width: 32, height: 40 }, image);

  it('shows a square a quarter larger than the face', () => {
    // The side is 50: the picture is four times as wide and twice as high. The face's middle (76, 50) is the square's.
    expect(style(60)).toContain('background-size:400.000% 200.000%');
    expect(style(60)).toContain('background-position:34.000% 50.000%');
  });

  it('stays within the picture at its edge', () => expect(style(0)).toContain('background-position:0.000% 50.000%'));

  it('shows the whole of a picture that is smaller than the square', () =>
    expect(cutOutStyle('blob:1', { x: 0, y: 0, width: 100, height: 100 }, { width: 100, height: 100 }))
      .toContain('background-size:100.000% 100.000%;background-position:0% 0%'));
});

it('paints small boxes over large ones', () =>
  expect(paintOrder([{ x: 0, y: 0, width: 2, height: 2 }, { x: 0, y: 0, width: 9, height: 9 }, { x: 0, y: 0, width: 1, height: 1 }])).toEqual([1, 0, 2]));

it('writes a box in the format of targetBox', () => expect(boxText({ x: 1, y: 2, width: 3, height: 4 })).toBe('1,2,3,4'));
