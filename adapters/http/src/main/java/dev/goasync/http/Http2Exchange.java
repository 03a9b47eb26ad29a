package dev.goasync.http;

final class Http2Exchange {}
