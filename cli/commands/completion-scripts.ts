/** Scripts by shell. Each asks `orderstream complete -- WORDS` for lines of a word, a tab and its description. */
export const completionScripts = {
  bash: `# Completes the words of orderstream in bash.
_orderstream() {
  local word="\${COMP_WORDS[COMP_CWORD]}" suggestion description
  COMPREPLY=()
  while IFS=$'\\t' read -r suggestion description; do
    case $suggestion in
      '' | :*) ;;
      "$word"*) COMPREPLY+=("$suggestion") ;;
    esac
  done < <(orderstream complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _orderstream orderstream`,

  zsh: `#compdef orderstream
# Completes the words of orderstream in zsh.
_orderstream() {
  local -a suggestions
  local line
  for line in "\${(@f)$(orderstream complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line || $line == :* ]] && continue
    suggestions+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#suggestions} )); then
    _describe orderstream suggestions
  else
    _files
  fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _orderstream "$@"
else
  compdef _orderstream orderstream
fi`,

  fish: `# Completes the words of orderstream in fish.
function __orderstream_suggestions
  set -l words (commandline -opc) (commandline -ct)
  orderstream complete -- $words[2..-1] 2>/dev/null | string match --invert ':*'
end
complete --command orderstream --no-files --arguments '(__orderstream_suggestions)'
complete --command orderstream --condition '__fish_seen_subcommand_from replay' --force-files`,
} as const;
