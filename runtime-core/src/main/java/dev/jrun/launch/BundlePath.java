// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

/**
 * Where a bundle is, as its caller wrote it: relative paths are relative to the caller's working directory.
 *
 * @param directory the bundle's
 * @param config the file to read in place of the directory's config.json ({@code --config}); empty: that one
 */
public record BundlePath(String directory, String config) {

    /** The file of a bundle that describes its container, bundle.md. */
    static final String CONFIG = "config.json";

    /** A bundle with its own config.json. */
    public static BundlePath of(String directory) {
        return new BundlePath(directory, "");
    }

    /** What errors call the file. */
    String document() {
        return config.isEmpty() ? "bundle " + directory + ": " + CONFIG : "--config " + config;
    }
}
