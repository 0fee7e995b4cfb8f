/** Why a recipe does not go on, in words for people. */
export class Stopped extends Error {}
