// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.ArrayList;
import java.util.List;

/** Paths as config.json has them for places in a container: relative ones are relative to its root. */
public final class ContainerPath {

    private ContainerPath() {}

    /**
     * The path without empty and "." components, and with ".." taken back before any link is looked at, as runc does.
     */
    public static List<String> components(String path) {
        List<String> components = new ArrayList<>();
        for (String component : path.split("/")) {
            switch (component) {
                case "", "." -> {}
                case ".." -> {
                    if (!components.isEmpty()) {
                        components.removeLast();
                    }
                }
                default -> components.add(component);
            }
        }
        return components;
    }

    /** The path of these components, relative to the root, which is ".". */
    public static String relative(String path) {
        int start = path.startsWith("/") ? 1 : 0;
        if (hasOnlyNames(path, start)) {
            return path.substring(start);
        }
        List<String> components = components(path);
        return components.isEmpty() ? "." : String.join("/", components);
    }

    /**
     * The path as the kernel walks it, relative to the root: without empty and "." components, but with "..", which
     * leads up from where a link has led to and not back over the link. At the root it stays there.
     */
    public static String walked(String path) {
        int start = path.startsWith("/") ? 1 : 0;
        if (hasOnlyNames(path, start)) {
            return path.substring(start);
        }
        List<String> components = new ArrayList<>();
        for (String component : path.split("/")) {
            boolean stays =
                    component.isEmpty() || component.equals(".") || component.equals("..") && components.isEmpty();
            if (!stays) {
                components.add(component);
            }
        }
        return components.isEmpty() ? "." : String.join("/", components);
    }

    /** Whether "..", and so the links before it, have a say in what the path names. */
    public static boolean leadsUp(String path) {
        return path.contains("..") && List.of(path.split("/")).contains("..");
    }

    /** The absolute path of these components. */
    public static String absolute(String path) {
        List<String> components = components(path);
        return "/" + String.join("/", components);
    }

    /** Whether what begins at {@code start} is made of these components already, as nearly all paths are. */
    private static boolean hasOnlyNames(String path, int start) {
        int name = start;
        for (int i = start; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                if (i == name || path.charAt(name) == '.') {
                    return false;
                }
                name = i + 1;
            }
        }
        return true;
    }
}
