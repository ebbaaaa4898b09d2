import { LitElement, html } from "lit";

class TideTable extends LitElement {
  static properties = { tides: { state: true } };

  constructor() {
    super();
    this.tides = [];
  }

  async connectedCallback() {
    super.connectedCallback();
    const answer = await fetch("/api/tides");
    this.tides = await answer.json();
  }

  render() {
    return html`<ul>
      ${this.tides.map((tide) => html`<li>High tide in ${tide.harbour}: ${tide.high}</li>`)}
    </ul>`;
  }
}

customElements.define("tide-table", TideTable);
