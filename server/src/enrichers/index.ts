/** Every enricher, in the order they run: one file each, one line here. */
export { createIpsumEnricher, type IpsumEnricher, type IpsumOptions } from './ipsum.ts';
