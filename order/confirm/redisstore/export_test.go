package redisstore

// ClassOf is how an error of the client is named.
var ClassOf = class
