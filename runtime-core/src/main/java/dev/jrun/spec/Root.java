// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

/**
 * The container's root file system.
 *
 * @param path absolute, or relative to the bundle
 */
public record Root(String path, boolean readonly) {}
