export interface DemoProduct {
  readonly productId: string;
  readonly name: string;
  readonly description: string;
  /** In pence. */
  readonly price: number;
  readonly quantity: number;
}

const product = (
  productId: string,
  name: string,
  price: number,
  quantity: number,
  description: string,
): DemoProduct => ({ productId, name, description, price, quantity });

/** What is left of a sold-out print: an order of more is rejected. */
export const SCARCE = 'PRINT-01';

/** The products of the demo shop. The last one is created when everything else is done. */
export const demoProducts: readonly DemoProduct[] = [
  product('LAMP-01', 'Paper lantern, white', 1250, 120, 'Hand-folded rice paper on a bamboo frame, 30 cm.'),
  product('LAMP-02', 'Desk lamp, brass', 4900, 60, 'Adjustable arm, warm light, with a fabric cable of 2 m.'),
  product('LAMP-03', 'Night light, moon', 1850, 90, 'Glows for thirty minutes and fades out by itself.'),
  product(
    'MUG-01',
    'Stoneware mug, blue',
    1100,
    200,
    'Thrown by hand; every glaze runs a little differently.',
  ),
  product('MUG-02', 'Stoneware mug, sand', 1100, 200, 'Holds 350 ml, and goes into the dishwasher.'),
  product(
    'MUG-03',
    'Espresso cup, set of two',
    1600,
    110,
    'Thick walls keep the coffee hot until the last sip.',
  ),
  product('BOWL-01', 'Serving bowl, oak', 3400, 50, 'Turned from one piece and oiled for food.'),
  product(
    'BOWL-02',
    'Breakfast bowl, speckled',
    1350,
    140,
    'Deep enough for porridge, small enough for one hand.',
  ),
  product('TEA-01', 'Teapot, cast iron', 5200, 45, 'Enamelled inside, with a strainer of steel.'),
  product('TEA-02', 'Green tea, 100 g', 780, 240, 'First flush from Shizuoka: grassy, light and sweet.'),
  product('TEA-03', 'Earl Grey, 100 g', 690, 240, 'Black tea with oil of bergamot, and nothing else.'),
  product('TOWEL-01', 'Linen tea towel', 950, 180, 'Washed linen that dries glasses without fluff.'),
  product('TOWEL-02', 'Bath towel, waffle', 2400, 100, 'Light cotton that dries in an hour on the line.'),
  product('BLANKET-01', 'Wool blanket, grey', 8900, 40, 'Merino from a mill that has woven it since 1836.'),
  product('BLANKET-02', 'Picnic blanket', 4200, 55, 'Waterproof below, soft above; rolls up with a strap.'),
  product('CUSHION-01', 'Cushion, mustard', 2900, 85, 'Velvet cover with a zip, filled with feathers.'),
  product(
    'CANDLE-01',
    'Beeswax candles, set of six',
    1450,
    160,
    'Burn for eight hours each, and smell of honey.',
  ),
  product('CANDLE-02', 'Scented candle, fig', 2200, 95, 'Soy wax in a glass that becomes a tumbler.'),
  product('VASE-01', 'Bud vase, recycled glass', 980, 150, 'For one stem; no two have the same colour.'),
  product('VASE-02', 'Vase, tall, clay', 3600, 35, 'Unglazed outside, watertight inside, 40 cm.'),
  product('BOARD-01', 'Chopping board, beech', 2650, 75, 'End grain, with a groove for juice.'),
  product('KNIFE-01', 'Paring knife', 3100, 65, 'Carbon steel that takes an edge in a minute.'),
  product('BASKET-01', 'Laundry basket, willow', 5400, 30, 'Woven in Somerset, with two leather handles.'),
  product('CLOCK-01', 'Wall clock, silent', 3900, 50, 'Sweeping hand without a tick, 25 cm.'),
  product(
    'PRINT-01',
    'Screen print, tide',
    6500,
    2,
    'Two colours on cotton paper; the edition is nearly gone.',
  ),
  product(
    'PRINT-02',
    'Screen print, harvest',
    6500,
    40,
    'Three colours on cotton paper, numbered and signed.',
  ),
  product('NOTE-01', 'Notebook, dotted', 1200, 220, 'Lies flat; 192 pages that ink does not bleed through.'),
  product('PEN-01', 'Fountain pen, amber', 4500, 70, 'Fine nib, with a converter and two cartridges.'),
  product('SOAP-01', 'Olive soap, three bars', 890, 190, 'Cured for six months; without scent or dye.'),
  product('PLANT-01', 'Herb pot, self-watering', 2100, 80, 'Basil survives a week of holidays in it.'),
];
