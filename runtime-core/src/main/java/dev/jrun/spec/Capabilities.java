// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.Optional;

/**
 * Capability sets of a process, capabilities(7). The names ({@code CAP_…}) are not checked here, since kernels differ
 * in those they know: who applies them warns about unknown ones.
 *
 * <p>An absent set and an empty one are told apart.
 */
public record Capabilities(
        Optional<List<String>> bounding,
        Optional<List<String>> effective,
        Optional<List<String>> inheritable,
        Optional<List<String>> permitted,
        Optional<List<String>> ambient) {
    public Capabilities {
        bounding = bounding.map(List::copyOf);
        effective = effective.map(List::copyOf);
        inheritable = inheritable.map(List::copyOf);
        permitted = permitted.map(List::copyOf);
        ambient = ambient.map(List::copyOf);
    }
}
