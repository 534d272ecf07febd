/** What the tests of every module share: real servers, started once a JVM. */
@NullMarked
package dev.backpop.testing;

import org.jspecify.annotations.NullMarked;
