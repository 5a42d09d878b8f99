// Where the JSON store keeps its files when the configuration names no folder, relative to the configuration file.

export const DEFAULT_DIR = '.karrigell/sessions';
