"""Frame → plotly figure. Nothing here knows Streamlit, SQL, or any word that a reader sees."""
