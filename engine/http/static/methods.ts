// The methods that a file answers, as Allow lists them.

export const FILE_METHODS = 'GET, HEAD, OPTIONS';
