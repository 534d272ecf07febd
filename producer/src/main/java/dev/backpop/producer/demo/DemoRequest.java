package dev.backpop.producer.demo;

import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;

/**
 * What somebody wants of the demo.
 *
 * @param settings where the stores are, as far as they are given
 * @param redisGiven false to start a Redis of its own
 * @param prefixGiven false to use a Redis key prefix of its own where the Redis is somebody's
 * @param targetGiven false to start a PostgreSQL of its own
 * @param keep true to leave its own servers running until the process is told to stop
 */
public record DemoRequest(
        DemoScenario scenario,
        Settings settings,
        boolean redisGiven,
        boolean prefixGiven,
        boolean targetGiven,
        boolean keep,
        Environment environment) {}
